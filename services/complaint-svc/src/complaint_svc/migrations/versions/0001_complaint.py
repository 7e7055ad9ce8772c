"""The tables of complaint-svc."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rep", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index("ix_customers_rep", "customers", ["rep"], unique=False)
    op.create_table(
        "delivery_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_notes")),
    )
    op.create_index("ix_delivery_notes_customer", "delivery_notes", ["customer_id", "id"], unique=False)
    op.create_table(
        "register_counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_register_counters")),
    )
    op.create_table(
        "complaints",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "grumble",
                "complaint",
                "return",
                "claim",
                name="complaint_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "letter",
                "phone",
                "fax",
                "visit",
                "service",
                "return",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lot", sa.String(length=64), nullable=True),
        sa.Column("delivery_note_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "registered",
                "routed",
                "in_approval",
                "approved",
                "closed",
                name="complaint_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "road",
            sa.Enum(
                "quality",
                "technique",
                "sales",
                "usage",
                "carrier",
                name="road",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column(
            "responsible",
            sa.Enum(
                "sales_rep",
                "sales_manager",
                "general_manager",
                "finance_manager",
                "accountant",
                "production",
                "quality",
                "audit_manager",
                "price_committee",
                "warehouse_keeper",
                "warehouse_supervisor",
                "quality_supervisor",
                "gate_guard",
                "department_manager",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("block_requested_on", sa.Date(), nullable=True),
        sa.Column("answer_due", sa.Date(), nullable=False),
        sa.Column("author_name", sa.String(length=80), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("told_customer_on", sa.Date(), nullable=True),
        sa.Column("closing_note", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (told_customer_on IS NOT NULL)", name=op.f("ck_complaints_closed_when_told")
        ),
        sa.CheckConstraint("(status = 'registered') = (road IS NULL)", name=op.f("ck_complaints_routed_has_road")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_complaints_customer_id")),
        sa.ForeignKeyConstraint(
            ["delivery_note_id"], ["delivery_notes.id"], name=op.f("fk_complaints_delivery_note_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("number", name=op.f("uq_complaints_number")),
        sa.UniqueConstraint("year", "sequence", name=op.f("uq_complaints_year_sequence")),
    )
    op.create_index("ix_complaints_answer_due", "complaints", ["answer_due", "id"], unique=False)
    op.create_index("ix_complaints_customer", "complaints", ["customer_id", "id"], unique=False)
    op.create_index("ix_complaints_kind", "complaints", ["kind", "id"], unique=False)
    op.create_index("ix_complaints_lot", "complaints", ["lot", "id"], unique=False)
    op.create_index(
        "ix_complaints_number", "complaints", ["number"], unique=False, postgresql_ops={"number": "text_pattern_ops"}
    )
    op.create_index("ix_complaints_road", "complaints", ["road", "id"], unique=False)
    op.create_index("ix_complaints_status", "complaints", ["status", "id"], unique=False)
    op.create_table(
        "delivery_lines",
        sa.Column("delivery_note_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("price_per_ton", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint("tons > 0", name=op.f("ck_delivery_lines_tons")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_delivery_lines_value")),
        sa.ForeignKeyConstraint(
            ["delivery_note_id"], ["delivery_notes.id"], name=op.f("fk_delivery_lines_delivery_note_id")
        ),
        sa.PrimaryKeyConstraint("delivery_note_id", "line", name=op.f("pk_delivery_lines")),
    )
    op.create_index("ix_delivery_lines_lot", "delivery_lines", ["lot", "delivery_note_id"], unique=False)
    op.create_table(
        "complaint_handlings",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "road",
            sa.Enum(
                "quality",
                "technique",
                "sales",
                "usage",
                "carrier",
                name="road",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("secondary_causes", sa.Text(), nullable=True),
        sa.Column("improvement", sa.Text(), nullable=True),
        sa.Column("handling", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "in_approval",
                "approved",
                "rejected",
                "returned",
                name="handling_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("author_name", sa.String(length=80), nullable=False),
        sa.Column(
            "signed_as",
            sa.Enum(
                "sales_rep",
                "sales_manager",
                "general_manager",
                "finance_manager",
                "accountant",
                "production",
                "quality",
                "audit_manager",
                "price_committee",
                "warehouse_keeper",
                "warehouse_supervisor",
                "quality_supervisor",
                "gate_guard",
                "department_manager",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_handlings_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_handlings")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_complaint_handlings_complaint_id_number")),
    )
    op.create_index(
        "uq_complaint_handlings_current",
        "complaint_handlings",
        ["complaint_id"],
        unique=True,
        postgresql_where="status IN ('in_approval', 'approved')",
    )
    op.create_table(
        "complaint_routings",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "road",
            sa.Enum(
                "quality",
                "technique",
                "sales",
                "usage",
                "carrier",
                name="road",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "responsible",
            sa.Enum(
                "sales_rep",
                "sales_manager",
                "general_manager",
                "finance_manager",
                "accountant",
                "production",
                "quality",
                "audit_manager",
                "price_committee",
                "warehouse_keeper",
                "warehouse_supervisor",
                "quality_supervisor",
                "gate_guard",
                "department_manager",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("block_lot", sa.Boolean(), nullable=False),
        sa.Column("routed_by", sa.String(length=80), nullable=False),
        sa.Column("routed_by_name", sa.String(length=80), nullable=False),
        sa.Column("routed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_routings_complaint_id")),
        sa.PrimaryKeyConstraint("complaint_id", "number", name=op.f("pk_complaint_routings")),
    )
    op.create_table(
        "returns",
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("handling_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_note_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "refused",
                "approved",
                "cancelled",
                "received",
                "inspected",
                name="return_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.String(length=80), nullable=True),
        sa.Column("receipt_note", sa.Text(), nullable=True),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("inspected_by", sa.String(length=80), nullable=True),
        sa.Column(
            "result",
            sa.Enum(
                "accepted", "partly", "rejected", name="result", native_enum=False, create_constraint=True, length=30
            ),
            nullable=True,
        ),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("accepted_value", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'inspected') = (result IS NOT NULL)", name=op.f("ck_returns_inspected_has_result")
        ),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_returns_complaint_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_returns_customer_id")),
        sa.ForeignKeyConstraint(["delivery_note_id"], ["delivery_notes.id"], name=op.f("fk_returns_delivery_note_id")),
        sa.ForeignKeyConstraint(["handling_id"], ["complaint_handlings.id"], name=op.f("fk_returns_handling_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        sa.UniqueConstraint("number", name=op.f("uq_returns_number")),
    )
    op.create_index("ix_returns_complaint", "returns", ["complaint_id", "id"], unique=False)
    op.create_index("ix_returns_customer", "returns", ["customer_id", "id"], unique=False)
    op.create_index("ix_returns_delivery_note", "returns", ["delivery_note_id", "id"], unique=False)
    op.create_index(
        "ix_returns_number", "returns", ["number"], unique=False, postgresql_ops={"number": "text_pattern_ops"}
    )
    op.create_index("ix_returns_status", "returns", ["status", "id"], unique=False)
    op.create_index("ix_returns_value", "returns", ["value", "id"], unique=False)
    op.create_table(
        "return_lines",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("delivery_note_id", sa.Uuid(), nullable=False),
        sa.Column("received_tons", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column("accepted_tons", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column("accepted_value", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("price_per_ton", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint("accepted_tons BETWEEN 0 AND received_tons", name=op.f("ck_return_lines_accepted")),
        sa.CheckConstraint("accepted_value BETWEEN 0 AND value", name=op.f("ck_return_lines_accepted_value")),
        sa.CheckConstraint("received_tons BETWEEN 0 AND tons", name=op.f("ck_return_lines_received")),
        sa.CheckConstraint("tons > 0", name=op.f("ck_return_lines_tons")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_return_lines_value")),
        sa.ForeignKeyConstraint(
            ["delivery_note_id", "line"],
            ["delivery_lines.delivery_note_id", "delivery_lines.line"],
            name="fk_return_lines_delivery_line",
        ),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_lines_return_id")),
        sa.PrimaryKeyConstraint("return_id", "line", name=op.f("pk_return_lines")),
    )
    op.create_index("ix_return_lines_delivery_line", "return_lines", ["delivery_note_id", "line"], unique=False)
    op.create_index("ix_return_lines_lot", "return_lines", ["lot", "return_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_return_lines_lot", table_name="return_lines")
    op.drop_index("ix_return_lines_delivery_line", table_name="return_lines")
    op.drop_table("return_lines")
    op.drop_index("ix_returns_value", table_name="returns")
    op.drop_index("ix_returns_status", table_name="returns")
    op.drop_index("ix_returns_number", table_name="returns", postgresql_ops={"number": "text_pattern_ops"})
    op.drop_index("ix_returns_delivery_note", table_name="returns")
    op.drop_index("ix_returns_customer", table_name="returns")
    op.drop_index("ix_returns_complaint", table_name="returns")
    op.drop_table("returns")
    op.drop_table("complaint_routings")
    op.drop_index(
        "uq_complaint_handlings_current",
        table_name="complaint_handlings",
        postgresql_where="status IN ('in_approval', 'approved')",
    )
    op.drop_table("complaint_handlings")
    op.drop_index("ix_delivery_lines_lot", table_name="delivery_lines")
    op.drop_table("delivery_lines")
    op.drop_index("ix_complaints_status", table_name="complaints")
    op.drop_index("ix_complaints_road", table_name="complaints")
    op.drop_index("ix_complaints_number", table_name="complaints", postgresql_ops={"number": "text_pattern_ops"})
    op.drop_index("ix_complaints_lot", table_name="complaints")
    op.drop_index("ix_complaints_kind", table_name="complaints")
    op.drop_index("ix_complaints_customer", table_name="complaints")
    op.drop_index("ix_complaints_answer_due", table_name="complaints")
    op.drop_table("complaints")
    op.drop_table("register_counters")
    op.drop_index("ix_delivery_notes_customer", table_name="delivery_notes")
    op.drop_table("delivery_notes")
    op.drop_index("ix_customers_rep", table_name="customers")
    op.drop_table("customers")
