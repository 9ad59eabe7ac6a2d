from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("screening", "0004_way_back")]

    operations = []
