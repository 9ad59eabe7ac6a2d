"""HTTP of the form: each view turns a request into one service or selector and a page."""
