from django.db import migrations


def keep_the_reference(apps, schema_editor):
    """"BPT-ZK7R9F2Z An Peeters" -> "BPT-ZK7R9F2Z": a matter outlives the erasure of a person."""
    concerns = apps.get_model("payments", "Concern").objects
    for concern in concerns.filter(kind="no_seat").exclude(text=""):
        concerns.filter(pk=concern.pk).update(text=concern.text.split()[0])


class Migration(migrations.Migration):
    dependencies = [("payments", "0014_invoice_replaces")]

    operations = [migrations.RunPython(keep_the_reference, migrations.RunPython.noop, elidable=True)]
