"""Who asks, from where, in whose name; old declarations by a proxy are named as what they were."""

from django.db import migrations, models

# Frozen rows are told their new column once, by the owner; the guard stands again before anybody else connects.
NAME_OLD_PROXIES = """
ALTER TABLE public.requests_declaration DISABLE TRIGGER requests_declaration_frozen;
UPDATE public.requests_declaration SET filed_as =
  CASE WHEN certificate_type = 2 AND proxy_relation IN ('father', 'mother') THEN 'parent' ELSE 'proxy' END
  WHERE proxy_name <> '' AND (certificate_type = 1 OR proxy_relation IN ('father', 'mother'));
ALTER TABLE public.requests_declaration ENABLE TRIGGER requests_declaration_frozen;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0012_paper_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='declaration',
            name='agency_document_number',
            field=models.CharField(blank=True, max_length=60, verbose_name='số văn bản yêu cầu'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='agency_document_on',
            field=models.DateField(blank=True, null=True, verbose_name='ngày văn bản yêu cầu'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='agency_name',
            field=models.CharField(blank=True, max_length=200, verbose_name='cơ quan, tổ chức yêu cầu'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='agency_purpose',
            field=models.CharField(blank=True, max_length=500, verbose_name='căn cứ, mục đích nêu trong văn bản'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='answered',
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name='declaration',
            name='counter_consent',
            field=models.CharField(blank=True, choices=[('signed', 'Người yêu cầu đã đọc và ký Tờ khai giấy'), ('read_aloud', 'Đã đọc lại từng mục cho người yêu cầu nghe, người yêu cầu đồng ý')], max_length=12, verbose_name='xác nhận tại quầy'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='filed_as',
            field=models.CharField(choices=[('self', 'Cho chính mình'), ('proxy', 'Nộp thay người khác'), ('parent', 'Cha, mẹ yêu cầu cho con chưa thành niên'), ('agency', 'Cơ quan, tổ chức yêu cầu'), ('proceedings_agency', 'Cơ quan tiến hành tố tụng yêu cầu')], default='self', max_length=20, verbose_name='tư cách yêu cầu'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='last_address',
            field=models.CharField(blank=True, max_length=300, verbose_name='nơi cư trú cuối cùng trước khi xuất cảnh'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='last_province',
            field=models.CharField(blank=True, max_length=2, verbose_name='tỉnh cư trú cuối cùng trước khi xuất cảnh'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='lives_abroad',
            field=models.BooleanField(default=False, verbose_name='công dân Việt Nam đang ở nước ngoài'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='no_residence',
            field=models.BooleanField(default=False, verbose_name='không xác định được nơi thường trú, tạm trú'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='prefilled',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='declaration',
            name='procedure_code',
            field=models.CharField(blank=True, max_length=40, verbose_name='thủ tục cần Phiếu'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='receiver',
            field=models.CharField(blank=True, max_length=200, verbose_name='nơi yêu cầu nộp Phiếu'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='saves',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='declaration',
            name='fee_category',
            field=models.CharField(blank=True, choices=[('standard', 'Mức phí chung'), ('student', 'Sinh viên'), ('merit', 'Người có công với cách mạng'), ('martyr_family', 'Thân nhân liệt sỹ'), ('child', 'Trẻ em dưới 16 tuổi'), ('elderly', 'Người cao tuổi (từ đủ 60 tuổi)'), ('disabled', 'Người khuyết tật'), ('poor', 'Người thuộc hộ nghèo'), ('disadvantaged_area', 'Cư trú tại xã đặc biệt khó khăn, xã biên giới, an toàn khu'), ('agency', 'Cơ quan, tổ chức yêu cầu'), ('proceedings_agency', 'Cơ quan tiến hành tố tụng yêu cầu')], max_length=20, verbose_name='đối tượng nộp phí'),
        ),
        migrations.AlterField(
            model_name='declaration',
            name='purpose',
            field=models.CharField(blank=True, choices=[('work', 'Xin việc làm'), ('visa', 'Làm thị thực'), ('settlement', 'Định cư'), ('business', 'Đăng ký kinh doanh'), ('study', 'Học tập'), ('family', 'Kết hôn, nhận con nuôi'), ('own_knowledge', 'Biết nội dung lý lịch tư pháp của mình'), ('other', 'Mục đích khác'), ('personnel', 'Quản lý nhân sự'), ('enterprise', 'Thành lập, quản lý doanh nghiệp, hợp tác xã'), ('investigation', 'Điều tra'), ('prosecution', 'Truy tố'), ('trial', 'Xét xử')], max_length=20, verbose_name='mục đích'),
        ),
        migrations.RunSQL(NAME_OLD_PROXIES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(('filed_as__in', ['self', 'proxy', 'parent', 'agency', 'proceedings_agency'])), name='declaration_filed_as_known'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(('frozen_at__isnull', True), ('filed_as__in', ['self', 'parent']), models.Q(('certificate_type', 1), ('filed_as__in', ['proxy', 'agency'])), models.Q(('certificate_type', 2), ('filed_as', 'proceedings_agency')), _connector='OR'), name='declaration_type_fits_who_asks'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(('frozen_at__isnull', True), models.Q(('filed_as__in', ['agency', 'proceedings_agency']), _negated=True), models.Q(('agency_document_number__gt', ''), ('agency_document_on__isnull', False), ('agency_name__gt', '')), _connector='OR'), name='declaration_agency_is_named'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(('frozen_at__isnull', True), models.Q(('filed_as__in', ['proxy', 'parent']), _negated=True), ('proxy_name__gt', ''), _connector='OR'), name='declaration_proxy_is_named'),
        ),
    ]
