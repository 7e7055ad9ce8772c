"""Shipping."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credit_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("released", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("shipped_total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("prepaid_used_total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("customer_epoch", sa.Integer(), nullable=False),
        sa.Column("customer_version", sa.Integer(), nullable=False),
        sa.Column("receivable", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("written_off", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("settled_total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("prepaid_total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "grade",
            sa.Enum("A", "B", "C", "D", "ungraded", name="grade", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("limit", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("c_from", sa.Date(), nullable=True),
        sa.Column("d_from", sa.Date(), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("overdue_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("overdue_since", sa.Date(), nullable=True),
        sa.Column("prepaid_by", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("hold", sa.Boolean(), nullable=False),
        sa.Column(
            "exposure",
            sa.Numeric(precision=14, scale=2),
            sa.Computed(
                "receivable + written_off + released + (shipped_total - settled_total) + greatest(0, prepaid_used_total - prepaid_total)",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("prepaid_used_total >= 0", name=op.f("ck_credit_accounts_prepaid_used_total")),
        sa.CheckConstraint("released >= 0", name=op.f("ck_credit_accounts_released")),
        sa.CheckConstraint("shipped_total >= 0", name=op.f("ck_credit_accounts_shipped_total")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_accounts")),
        postgresql_with={"fillfactor": "50"},
    )
    op.create_table(
        "credit_exceptions",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("ceiling", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "granted", "revoked", "replaced", name="status", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_exceptions")),
    )
    op.create_index("ix_credit_exceptions_account", "credit_exceptions", ["account_id", "valid_until"], unique=False)
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rep", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(op.f("ix_customers_account_id"), "customers", ["account_id"], unique=False)
    op.create_index(op.f("ix_customers_rep"), "customers", ["rep"], unique=False)
    op.create_table(
        "gate_refusals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pass_id", sa.Uuid(), nullable=True),
        sa.Column("presented", sa.String(length=64), nullable=False),
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("gate", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("guard", sa.String(length=80), nullable=False),
        sa.Column("refused_on", sa.Date(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_refusals")),
    )
    op.create_index("ix_gate_refusals_on", "gate_refusals", ["refused_on", "id"], unique=False)
    op.create_table(
        "lot_blocks",
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("blocked", "lifted", name="status", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_blocks")),
    )
    op.create_index("ix_lot_blocks_lot", "lot_blocks", ["lot", "id"], unique=False)
    op.create_index("ix_lot_blocks_open", "lot_blocks", ["lot"], unique=False, postgresql_where="status = 'blocked'")
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("contract_number", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("rep", sa.String(length=80), nullable=False),
        sa.Column("deliver_on", sa.Date(), nullable=False),
        sa.Column(
            "terms_kind",
            sa.Enum(
                "credit",
                "prepaid",
                "cash_on_delivery",
                name="terms_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index("ix_orders_customer", "orders", ["customer_id", "id"], unique=False)
    op.create_table(
        "quality_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "passing", "failing", "conceded", name="result", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_reports")),
    )
    op.create_index("ix_quality_reports_lot", "quality_reports", ["product_id", "lot", "id"], unique=False)
    op.create_table(
        "scans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("enrolment", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("loading_id", sa.Uuid(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column("package", sa.String(length=64), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
        sa.UniqueConstraint("device", "enrolment", "sequence", name=op.f("uq_scans_device_enrolment_sequence")),
    )
    op.create_index("ix_scans_loading", "scans", ["loading_id", "id"], unique=False)
    op.create_index("uq_scans_package", "scans", ["lot", "package"], unique=True, postgresql_where="accepted")
    op.create_table(
        "notices",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("regular", "prepaid", name="kind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("ship_on", sa.Date(), nullable=False),
        sa.Column("short_notice", sa.Boolean(), nullable=False),
        sa.Column("short_notice_reason", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "refused",
                "finance_review",
                "reason_needed",
                "in_approval",
                "rejected",
                "returned",
                "released",
                "shipped",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "road",
            sa.Enum(
                "hold",
                "stopped",
                "debt_first",
                "cash_only",
                "over",
                "overdue",
                "within",
                "prepaid",
                name="road",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("overdue_reason", sa.Text(), nullable=True),
        sa.Column("review", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("verdict", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reserved_credit", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("reserved_prepaid", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.CheckConstraint("reserved_credit >= 0 AND reserved_prepaid >= 0", name=op.f("ck_notices_reserved")),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_notices_account_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_notices_customer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_notices_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("number", name=op.f("uq_notices_number")),
    )
    op.create_index("ix_notices_customer", "notices", ["customer_id", "id"], unique=False)
    op.create_index(op.f("ix_notices_order_id"), "notices", ["order_id"], unique=False)
    op.create_index("ix_notices_ship_on", "notices", ["ship_on", "id"], unique=False)
    op.create_index("ix_notices_status", "notices", ["status", "id"], unique=False)
    op.create_table(
        "order_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("contract_line_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("price_per_ton", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("noticed_tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.CheckConstraint("noticed_tons BETWEEN 0 AND tons", name=op.f("ck_order_lines_noticed_tons")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
    )
    op.create_index(op.f("ix_order_lines_order_id"), "order_lines", ["order_id"], unique=False)
    op.create_table(
        "loadings",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("driver", sa.String(length=200), nullable=False),
        sa.Column("carrier", sa.String(length=200), nullable=False),
        sa.Column("warehouse", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "signed", "stopped", name="status", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_loadings_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loadings")),
    )
    op.create_index("ix_loadings_notice", "loadings", ["notice_id"], unique=False)
    op.create_index(
        "uq_loadings_open", "loadings", ["notice_id", "vehicle"], unique=True, postgresql_where="status = 'open'"
    )
    op.create_table(
        "notice_lines",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("contract_line_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("most_tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("price_per_ton", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("loaded_tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.CheckConstraint("loaded_tons BETWEEN 0 AND most_tons", name=op.f("ck_notice_lines_loaded_tons")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_lines_notice_id")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_notice_lines_order_line_id")),
        sa.PrimaryKeyConstraint("notice_id", "order_line_id", name=op.f("pk_notice_lines")),
    )
    op.create_table(
        "releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("position_epoch", sa.Integer(), nullable=False),
        sa.Column("position_version", sa.BigInteger(), nullable=False),
        sa.Column(
            "road",
            sa.Enum(
                "hold",
                "stopped",
                "debt_first",
                "cash_only",
                "over",
                "overdue",
                "within",
                "prepaid",
                name="road",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("on_credit", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("on_prepayment", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("exposure_after", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("ceiling", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("verdict_hash", sa.String(length=64), nullable=False),
        sa.Column("released_by", sa.String(length=80), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ceiling IS NULL OR exposure_after <= ceiling", name=op.f("ck_releases_within_ceiling")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_releases_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
    )
    op.create_index("ix_releases_account", "releases", ["account_id", "id"], unique=False)
    op.create_index("ix_releases_notice", "releases", ["notice_id"], unique=False)
    op.create_table(
        "transport_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("driver", sa.String(length=200), nullable=False),
        sa.Column("carrier", sa.String(length=200), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_transport_notices_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transport_notices")),
        sa.UniqueConstraint("notice_id", "vehicle", name=op.f("uq_transport_notices_notice_id_vehicle")),
    )
    op.create_table(
        "delivery_notes",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("loading_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("driver", sa.String(length=200), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "status",
            sa.Enum("signed", "left", name="status", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("keeper", sa.String(length=80), nullable=False),
        sa.Column("keeper_name", sa.String(length=80), nullable=False),
        sa.Column("carrier_name", sa.String(length=200), nullable=False),
        sa.Column("carrier_signature", sa.Text(), nullable=False),
        sa.Column("freight_voucher", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["loading_id"], ["loadings.id"], name=op.f("fk_delivery_notes_loading_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_delivery_notes_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_notes")),
        sa.UniqueConstraint("loading_id", name=op.f("uq_delivery_notes_loading_id")),
        sa.UniqueConstraint("number", name=op.f("uq_delivery_notes_number")),
    )
    op.create_index("ix_delivery_notes_customer", "delivery_notes", ["customer_id", "id"], unique=False)
    op.create_index(op.f("ix_delivery_notes_notice_id"), "delivery_notes", ["notice_id"], unique=False)
    op.create_table(
        "delivery_note_lines",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("contract_line_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column("packages", sa.Integer(), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("price_per_ton", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["delivery_notes.id"], name=op.f("fk_delivery_note_lines_note_id")),
        sa.PrimaryKeyConstraint("note_id", "line", name=op.f("pk_delivery_note_lines")),
    )
    op.create_table(
        "exit_passes",
        sa.Column("short_number", sa.String(length=10), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("note_number", sa.String(length=40), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("customer_name", sa.String(length=200), nullable=False),
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("driver", sa.String(length=200), nullable=False),
        sa.Column("goods", sa.String(length=1000), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("gate", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum("issued", "used", "void", name="status", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["delivery_notes.id"], name=op.f("fk_exit_passes_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_passes")),
        sa.UniqueConstraint("short_number", name=op.f("uq_exit_passes_short_number")),
    )
    op.create_index("ix_exit_passes_customer", "exit_passes", ["customer_id", "id"], unique=False)
    op.create_index("ix_exit_passes_note_number", "exit_passes", ["note_number", "id"], unique=False)
    op.create_index("uq_exit_passes_good", "exit_passes", ["note_id"], unique=True, postgresql_where="status <> 'void'")
    op.execute("CREATE SEQUENCE delivery_note_numbers")
    op.execute("CREATE SEQUENCE notice_numbers")


def downgrade() -> None:
    op.execute("DROP SEQUENCE delivery_note_numbers")
    op.execute("DROP SEQUENCE notice_numbers")
    op.drop_index("uq_exit_passes_good", table_name="exit_passes", postgresql_where="status <> 'void'")
    op.drop_index("ix_exit_passes_note_number", table_name="exit_passes")
    op.drop_index("ix_exit_passes_customer", table_name="exit_passes")
    op.drop_table("exit_passes")
    op.drop_table("delivery_note_lines")
    op.drop_index(op.f("ix_delivery_notes_notice_id"), table_name="delivery_notes")
    op.drop_index("ix_delivery_notes_customer", table_name="delivery_notes")
    op.drop_table("delivery_notes")
    op.drop_table("transport_notices")
    op.drop_index("ix_releases_notice", table_name="releases")
    op.drop_index("ix_releases_account", table_name="releases")
    op.drop_table("releases")
    op.drop_table("notice_lines")
    op.drop_index("uq_loadings_open", table_name="loadings", postgresql_where="status = 'open'")
    op.drop_index("ix_loadings_notice", table_name="loadings")
    op.drop_table("loadings")
    op.drop_index(op.f("ix_order_lines_order_id"), table_name="order_lines")
    op.drop_table("order_lines")
    op.drop_index("ix_notices_status", table_name="notices")
    op.drop_index("ix_notices_ship_on", table_name="notices")
    op.drop_index(op.f("ix_notices_order_id"), table_name="notices")
    op.drop_index("ix_notices_customer", table_name="notices")
    op.drop_table("notices")
    op.drop_index("uq_scans_package", table_name="scans", postgresql_where="accepted")
    op.drop_index("ix_scans_loading", table_name="scans")
    op.drop_table("scans")
    op.drop_index("ix_quality_reports_lot", table_name="quality_reports")
    op.drop_table("quality_reports")
    op.drop_index("ix_orders_customer", table_name="orders")
    op.drop_table("orders")
    op.drop_index("ix_lot_blocks_open", table_name="lot_blocks", postgresql_where="status = 'blocked'")
    op.drop_index("ix_lot_blocks_lot", table_name="lot_blocks")
    op.drop_table("lot_blocks")
    op.drop_index("ix_gate_refusals_on", table_name="gate_refusals")
    op.drop_table("gate_refusals")
    op.drop_index(op.f("ix_customers_rep"), table_name="customers")
    op.drop_index(op.f("ix_customers_account_id"), table_name="customers")
    op.drop_table("customers")
    op.drop_index("ix_credit_exceptions_account", table_name="credit_exceptions")
    op.drop_table("credit_exceptions")
    op.drop_table("credit_accounts")
