import django.db.models.deletion
import pgtrigger
from django.db import migrations, models


def say_what_they_replace(apps, schema_editor):
    """An issued document says it in its cause already; the payments of those were moved then, which stays."""
    invoices = apps.get_model("payments", "Invoice").objects
    with pgtrigger.ignore():
        for invoice in invoices.filter(cause__startswith="replaces-"):
            invoices.filter(pk=invoice.pk).update(replaces=int(invoice.cause.removeprefix("replaces-")))


class Migration(migrations.Migration):
    dependencies = [("payments", "0013_sent_back")]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="payments.invoice",
                verbose_name="replaces invoice",
            ),
        ),
        migrations.RunPython(say_what_they_replace, migrations.RunPython.noop, elidable=True),
    ]
