from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_facts_where_they_belong_now")]

    operations = [migrations.RemoveField(model_name="casepage", name="product_group")]
