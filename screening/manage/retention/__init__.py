"""Old records: how long they are kept, who looks at them then, and how they are deleted."""
