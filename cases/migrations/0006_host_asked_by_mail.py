"""A question to a host: about which revision, mailed to whom, in what language, by a link that is signed."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def give_each_a_key(apps, schema_editor):
    for row in apps.get_model("cases", "HostSignOff").objects.filter(key=None):
        row.key = uuid.uuid4()
        row.save(update_fields=["key"])


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0005_one_product_group_no_more"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RemoveField(model_name="hostsignoff", name="token_digest"),
        migrations.AddField(
            model_name="hostsignoff",
            name="revision",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="wagtailcore.revision"
            ),
        ),
        migrations.AddField(
            model_name="hostsignoff",
            name="email",
            field=models.EmailField(default="", max_length=254, verbose_name="e-mail"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="hostsignoff",
            name="language",
            field=models.CharField(choices=settings.LANGUAGES, default="nl", max_length=2, verbose_name="language"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="hostsignoff",
            name="mailed_at",
            field=models.DateTimeField(null=True, verbose_name="mailed at"),
        ),
        migrations.AddField(
            model_name="hostsignoff", name="key", field=models.UUIDField(editable=False, null=True)
        ),
        migrations.RunPython(give_each_a_key, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="hostsignoff",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="hostsignoff",
            name="answer",
            field=models.CharField(
                blank=True,
                choices=[("agreed", "Agreed"), ("refused", "Asks for a change")],
                max_length=8,
                verbose_name="answer",
            ),
        ),
    ]
