"""Customer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("confirmed_by", sa.String(length=80), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )
    op.create_table(
        "calendars",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_calendars")),
    )
    op.create_table(
        "credit_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("receivable", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("written_off", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("settled_total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("prepaid_total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "grade",
            sa.Enum("A", "B", "C", "D", "ungraded", name="grade", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("limit_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("c_from", sa.Date(), nullable=True),
        sa.Column("d_from", sa.Date(), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("overdue_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("overdue_since", sa.Date(), nullable=True),
        sa.Column("corrected_on", sa.Date(), nullable=True),
        sa.Column("prepaid_by", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("shipping_epoch", sa.Integer(), nullable=False),
        sa.Column("shipping_version", sa.Integer(), nullable=False),
        sa.Column("shipping_seen_epoch", sa.Integer(), nullable=False),
        sa.Column("shipping_seen_version", sa.Integer(), nullable=False),
        sa.Column("released", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("shipped_total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("prepaid_used_total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("shipping_unreadable", sa.Boolean(), nullable=False),
        sa.Column(
            "exposure",
            sa.Numeric(precision=14, scale=2),
            sa.Computed(
                "receivable + written_off + released + (shipped_total - settled_total) + greatest(0, prepaid_used_total - prepaid_total)",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("limit_amount IS NULL OR limit_amount >= 0", name=op.f("ck_credit_accounts_limit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_accounts")),
    )
    op.create_index("ix_credit_accounts_exposure", "credit_accounts", ["exposure", "id"], unique=False)
    op.create_index("ix_credit_accounts_next_due", "credit_accounts", ["next_due"], unique=False)
    op.create_index(
        "ix_credit_accounts_overdue", "credit_accounts", ["id"], unique=False, postgresql_where="overdue_amount > 0"
    )
    op.create_table(
        "staff",
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("department", sa.String(length=80), nullable=True),
        sa.Column("place", sa.String(length=64), nullable=True),
        sa.Column("superior", sa.String(length=80), nullable=True),
        sa.Column("roles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "off", name="staff_status", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("off_because", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    op.create_index("ix_staff_department", "staff", ["department", "id"], unique=False)
    op.create_index("ix_staff_name", "staff", ["name", "id"], unique=False)
    op.create_index("uq_staff_person", "staff", ["person"], unique=True)
    op.create_table(
        "staff_delegations",
        sa.Column(
            "role",
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
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("deputy", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "in_force",
                "refused",
                "withdrawn",
                "lapsed",
                name="delegation_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_delegations")),
    )
    op.create_index("ix_staff_delegations_deputy", "staff_delegations", ["deputy", "id"], unique=False)
    op.create_index("ix_staff_delegations_holder", "staff_delegations", ["holder", "id"], unique=False)
    op.create_index(
        "ix_staff_delegations_until",
        "staff_delegations",
        ["until"],
        unique=False,
        postgresql_where="status IN ('proposed', 'in_force')",
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("rep", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
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
        sa.Column("terms_days", sa.Integer(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_customers_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(op.f("ix_customers_account_id"), "customers", ["account_id"], unique=False)
    op.create_index("ix_customers_name", "customers", ["name", "id"], unique=False)
    op.create_index("ix_customers_number", "customers", ["number", "id"], unique=False)
    op.create_index("ix_customers_rep", "customers", ["rep", "id"], unique=False)
    op.create_index("uq_customers_number", "customers", [sa.literal_column("lower(number)")], unique=True)
    op.create_table(
        "factory_days",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["place"], ["calendars.place"], name=op.f("fk_factory_days_place")),
        sa.PrimaryKeyConstraint("place", "day", name=op.f("pk_factory_days")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invoice",
                "payment",
                "prepayment",
                "reversal",
                "credit_note",
                "invoice_cancelled",
                "credit_note_cancelled",
                "transfer",
                "refund",
                "write_off",
                "rounding",
                name="entry_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("receivable", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("written_off", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("settled", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("prepaid", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_ledger_entries_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
    )
    op.create_index("ix_ledger_entries_account", "ledger_entries", ["account_id", "id"], unique=False)
    op.create_table(
        "credit_applications",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum("A", "B", "C", "D", "ungraded", name="grade", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("limit_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "in_approval",
                "rejected",
                "returned",
                "approved",
                "in_force",
                "lapsed",
                name="application_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_credit_applications_account_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_credit_applications_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_applications")),
    )
    op.create_index("ix_credit_applications_created_at", "credit_applications", ["created_at", "id"], unique=False)
    op.create_index("ix_credit_applications_customer", "credit_applications", ["customer_id", "id"], unique=False)
    op.create_index("ix_credit_applications_status", "credit_applications", ["status", "id"], unique=False)
    op.create_index(
        "uq_credit_applications_under_way",
        "credit_applications",
        ["account_id"],
        unique=True,
        postgresql_where="status IN ('in_approval', 'approved')",
    )
    op.create_table(
        "credit_notes",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("return_number", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("credited", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("settled", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("credited_prepaid", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("settled_prepaid", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending", "confirmed", name="credit_note_status", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_credit_notes_account_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_credit_notes_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_notes")),
        sa.UniqueConstraint("return_id", name=op.f("uq_credit_notes_return_id")),
    )
    op.create_index("ix_credit_notes_created_on", "credit_notes", ["created_on", "id"], unique=False)
    op.create_index("ix_credit_notes_customer", "credit_notes", ["customer_id", "id"], unique=False)
    op.create_index("ix_credit_notes_return_number", "credit_notes", ["return_number", "id"], unique=False)
    op.create_index("ix_credit_notes_status", "credit_notes", ["status", "id"], unique=False)
    op.create_table(
        "delivery_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("on_prepayment", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("prepayment_applied", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "prepayment_applied BETWEEN 0 AND on_prepayment", name=op.f("ck_delivery_notes_prepayment_applied")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_delivery_notes_account_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_delivery_notes_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_notes")),
    )
    op.create_index("ix_delivery_notes_account", "delivery_notes", ["account_id", "id"], unique=False)
    op.create_index("ix_delivery_notes_customer", "delivery_notes", ["customer_id", "id"], unique=False)
    op.create_index("ix_delivery_notes_number", "delivery_notes", ["number", "id"], unique=False)
    op.create_table(
        "items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invoice",
                "receipt",
                "prepayment",
                "credit_note",
                "reversal",
                "transfer",
                "refund",
                "write_off",
                "rounding",
                name="item_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "side",
            sa.Enum("debit", "credit", name="side", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("open_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("disputed", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("earmarked", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=False),
        sa.Column("authors", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("(side = 'debit') = (due_on IS NOT NULL)", name=op.f("ck_items_debits_are_due")),
        sa.CheckConstraint("side = 'credit' OR NOT earmarked", name=op.f("ck_items_credits_are_earmarked")),
        sa.CheckConstraint("side = 'debit' OR disputed = 0", name=op.f("ck_items_debits_are_disputed")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_items_amount")),
        sa.CheckConstraint("disputed BETWEEN 0 AND open_amount", name=op.f("ck_items_disputed")),
        sa.CheckConstraint("open_amount BETWEEN 0 AND amount", name=op.f("ck_items_open_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_items_account_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_items_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
    )
    op.create_index(op.f("ix_items_customer_id"), "items", ["customer_id"], unique=False)
    op.create_index("ix_items_document", "items", ["document_id"], unique=False)
    op.create_index("ix_items_due_on", "items", ["due_on", "id"], unique=False)
    op.create_index(
        "ix_items_open", "items", ["account_id", "due_on"], unique=False, postgresql_where="open_amount > 0"
    )
    op.create_table(
        "payments",
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("normal_reference", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "held",
                "entered",
                "reversed",
                name="payment_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("receivable", "prepayment", name="purpose", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("prepaid", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "wire",
                "cash",
                "bank_draft",
                "commercial_draft",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("bank_account", sa.String(length=64), nullable=False),
        sa.Column("accepting_bank", sa.String(length=200), nullable=True),
        sa.Column("drawer", sa.String(length=200), nullable=True),
        sa.Column("matures_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("reversal_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(method IN ('bank_draft', 'commercial_draft')) = (matures_on IS NOT NULL)",
            name=op.f("ck_payments_drafts_mature"),
        ),
        sa.CheckConstraint(
            "(status = 'reversed') = (reversed_on IS NOT NULL)", name=op.f("ck_payments_reversed_on_a_day")
        ),
        sa.CheckConstraint("prepaid BETWEEN 0 AND amount", name=op.f("ck_payments_prepaid")),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_payments_account_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_payments_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.create_index("ix_payments_customer", "payments", ["customer_id", "id"], unique=False)
    op.create_index(
        "ix_payments_held", "payments", ["matures_on", "id"], unique=False, postgresql_where="status = 'held'"
    )
    op.create_index("ix_payments_reference", "payments", ["reference", "id"], unique=False)
    op.create_index(
        "uq_payments_reference",
        "payments",
        ["source", "normal_reference"],
        unique=True,
        postgresql_where="status <> 'reversed'",
    )
    op.create_table(
        "adjustments",
        sa.Column(
            "kind",
            sa.Enum(
                "refund",
                "write_off",
                "rounding",
                name="adjustment_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "in_approval",
                "rejected",
                "returned",
                "done",
                "cancelled",
                name="adjustment_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_adjustments_account_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_adjustments_customer_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_adjustments_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    op.create_index("ix_adjustments_customer", "adjustments", ["customer_id", "id"], unique=False)
    op.create_index("ix_adjustments_status", "adjustments", ["status", "id"], unique=False)
    op.create_table(
        "allocations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("from_item", sa.Uuid(), nullable=False),
        sa.Column("to_item", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(amount < 0) = (undoes IS NOT NULL)", name=op.f("ck_allocations_undone_by_its_opposite")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_allocations_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_allocations_account_id")),
        sa.ForeignKeyConstraint(["from_item"], ["items.id"], name=op.f("fk_allocations_from_item")),
        sa.ForeignKeyConstraint(["to_item"], ["items.id"], name=op.f("fk_allocations_to_item")),
        sa.ForeignKeyConstraint(["undoes"], ["allocations.id"], name=op.f("fk_allocations_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
        sa.UniqueConstraint("undoes", name=op.f("uq_allocations_undoes")),
    )
    op.create_index(op.f("ix_allocations_from_item"), "allocations", ["from_item"], unique=False)
    op.create_index(op.f("ix_allocations_to_item"), "allocations", ["to_item"], unique=False)
    op.create_table(
        "credit_in_force",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum("A", "B", "C", "D", "ungraded", name="grade", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("limit_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_credit_in_force_account_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["credit_applications.id"], name=op.f("fk_credit_in_force_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_in_force")),
    )
    op.create_index("ix_credit_in_force_account", "credit_in_force", ["account_id", "since", "id"], unique=False)
    op.create_table(
        "credit_note_lines",
        sa.Column("credit_note_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("uninvoiced_tons", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column("uninvoiced_value", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("invoiced_tons", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column("invoiced_value", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("credit", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["credit_notes.id"], name=op.f("fk_credit_note_lines_credit_note_id")
        ),
        sa.PrimaryKeyConstraint("credit_note_id", "line", name=op.f("pk_credit_note_lines")),
    )
    op.create_table(
        "delivery_note_lines",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("price_per_ton", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("settled_tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("settled_value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("returned_tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("returned_value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("invoiced_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("credited_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint(
            "credited_amount BETWEEN 0 AND invoiced_amount", name=op.f("ck_delivery_note_lines_credited_amount")
        ),
        sa.CheckConstraint(
            "returned_tons BETWEEN 0 AND settled_tons", name=op.f("ck_delivery_note_lines_returned_tons")
        ),
        sa.CheckConstraint(
            "returned_value BETWEEN 0 AND settled_value", name=op.f("ck_delivery_note_lines_returned_value")
        ),
        sa.CheckConstraint("settled_tons BETWEEN 0 AND tons", name=op.f("ck_delivery_note_lines_settled_tons")),
        sa.CheckConstraint("settled_value BETWEEN 0 AND value", name=op.f("ck_delivery_note_lines_settled_value")),
        sa.ForeignKeyConstraint(["note_id"], ["delivery_notes.id"], name=op.f("fk_delivery_note_lines_note_id")),
        sa.PrimaryKeyConstraint("note_id", "line", name=op.f("pk_delivery_note_lines")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("normal_number", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum("issued", "cancelled", name="invoice_status", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("settled", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["credit_accounts.id"], name=op.f("fk_invoices_account_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_invoices_customer_id")),
        sa.ForeignKeyConstraint(["id"], ["items.id"], name=op.f("fk_invoices_id")),
        sa.ForeignKeyConstraint(["note_id"], ["delivery_notes.id"], name=op.f("fk_invoices_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
    )
    op.create_index("ix_invoices_customer", "invoices", ["customer_id", "id"], unique=False)
    op.create_index("ix_invoices_note", "invoices", ["note_id", "id"], unique=False)
    op.create_index("ix_invoices_number", "invoices", ["number", "id"], unique=False)
    op.create_index("uq_invoices_number", "invoices", ["normal_number"], unique=True)
    op.create_table(
        "invoice_lines",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("settled", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("prepaid", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_lines_invoice_id")),
        sa.PrimaryKeyConstraint("invoice_id", "line", name=op.f("pk_invoice_lines")),
    )


def downgrade() -> None:
    op.drop_table("invoice_lines")
    op.drop_index("uq_invoices_number", table_name="invoices")
    op.drop_index("ix_invoices_number", table_name="invoices")
    op.drop_index("ix_invoices_note", table_name="invoices")
    op.drop_index("ix_invoices_customer", table_name="invoices")
    op.drop_table("invoices")
    op.drop_table("delivery_note_lines")
    op.drop_table("credit_note_lines")
    op.drop_index("ix_credit_in_force_account", table_name="credit_in_force")
    op.drop_table("credit_in_force")
    op.drop_index(op.f("ix_allocations_to_item"), table_name="allocations")
    op.drop_index(op.f("ix_allocations_from_item"), table_name="allocations")
    op.drop_table("allocations")
    op.drop_index("ix_adjustments_status", table_name="adjustments")
    op.drop_index("ix_adjustments_customer", table_name="adjustments")
    op.drop_table("adjustments")
    op.drop_index("uq_payments_reference", table_name="payments", postgresql_where="status <> 'reversed'")
    op.drop_index("ix_payments_reference", table_name="payments")
    op.drop_index("ix_payments_held", table_name="payments", postgresql_where="status = 'held'")
    op.drop_index("ix_payments_customer", table_name="payments")
    op.drop_table("payments")
    op.drop_index("ix_items_open", table_name="items", postgresql_where="open_amount > 0")
    op.drop_index("ix_items_due_on", table_name="items")
    op.drop_index("ix_items_document", table_name="items")
    op.drop_index(op.f("ix_items_customer_id"), table_name="items")
    op.drop_table("items")
    op.drop_index("ix_delivery_notes_number", table_name="delivery_notes")
    op.drop_index("ix_delivery_notes_customer", table_name="delivery_notes")
    op.drop_index("ix_delivery_notes_account", table_name="delivery_notes")
    op.drop_table("delivery_notes")
    op.drop_index("ix_credit_notes_status", table_name="credit_notes")
    op.drop_index("ix_credit_notes_return_number", table_name="credit_notes")
    op.drop_index("ix_credit_notes_customer", table_name="credit_notes")
    op.drop_index("ix_credit_notes_created_on", table_name="credit_notes")
    op.drop_table("credit_notes")
    op.drop_index(
        "uq_credit_applications_under_way",
        table_name="credit_applications",
        postgresql_where="status IN ('in_approval', 'approved')",
    )
    op.drop_index("ix_credit_applications_status", table_name="credit_applications")
    op.drop_index("ix_credit_applications_customer", table_name="credit_applications")
    op.drop_index("ix_credit_applications_created_at", table_name="credit_applications")
    op.drop_table("credit_applications")
    op.drop_index("ix_ledger_entries_account", table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_table("factory_days")
    op.drop_index("uq_customers_number", table_name="customers")
    op.drop_index("ix_customers_rep", table_name="customers")
    op.drop_index("ix_customers_number", table_name="customers")
    op.drop_index("ix_customers_name", table_name="customers")
    op.drop_index(op.f("ix_customers_account_id"), table_name="customers")
    op.drop_table("customers")
    op.drop_index(
        "ix_staff_delegations_until",
        table_name="staff_delegations",
        postgresql_where="status IN ('proposed', 'in_force')",
    )
    op.drop_index("ix_staff_delegations_holder", table_name="staff_delegations")
    op.drop_index("ix_staff_delegations_deputy", table_name="staff_delegations")
    op.drop_table("staff_delegations")
    op.drop_index("uq_staff_person", table_name="staff")
    op.drop_index("ix_staff_name", table_name="staff")
    op.drop_index("ix_staff_department", table_name="staff")
    op.drop_table("staff")
    op.drop_index("ix_credit_accounts_overdue", table_name="credit_accounts", postgresql_where="overdue_amount > 0")
    op.drop_index("ix_credit_accounts_next_due", table_name="credit_accounts")
    op.drop_index("ix_credit_accounts_exposure", table_name="credit_accounts")
    op.drop_table("credit_accounts")
    op.drop_table("calendars")
    op.drop_table("calendar_years")
