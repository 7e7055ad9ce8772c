"""The tables of contract-svc: reference data, contracts, orders and what was reported about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "base_prices",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("price_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("base_price", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "status",
            sa.Enum("initial", "standard", name="status", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("product_id", "price_version", name=op.f("pk_base_prices")),
    )
    op.create_table(
        "credit_positions",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum("A", "B", "C", "D", "ungraded", name="grade", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("limit_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("c_from", sa.Date(), nullable=True),
        sa.Column("d_from", sa.Date(), nullable=True),
        sa.Column("unreadable", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_credit_positions")),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rep", sa.String(length=80), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index("ix_customers_rep", "customers", ["rep", "id"], unique=False)
    op.create_table(
        "price_authorities",
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("bands", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("family", "version", name=op.f("pk_price_authorities")),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column(
            "lifecycle",
            sa.Enum(
                "new", "regular", "stopped", name="lifecycle", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
    )
    op.create_table(
        "released_lines",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "order_line_id", name=op.f("pk_released_lines")),
    )
    op.create_index(op.f("ix_released_lines_order_line_id"), "released_lines", ["order_line_id"], unique=False)
    op.create_table(
        "returned_lines",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("delivery_note_id", sa.Uuid(), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.PrimaryKeyConstraint("return_id", "line", name=op.f("pk_returned_lines")),
    )
    op.create_index("ix_returned_lines_note", "returned_lines", ["delivery_note_id", "line"], unique=False)
    op.create_table(
        "shipped_lines",
        sa.Column("delivery_note_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.PrimaryKeyConstraint("delivery_note_id", "line", name=op.f("pk_shipped_lines")),
    )
    op.create_index("ix_shipped_lines_notice", "shipped_lines", ["notice_id", "order_line_id"], unique=False)
    op.create_index(op.f("ix_shipped_lines_order_line_id"), "shipped_lines", ["order_line_id"], unique=False)
    op.create_table(
        "contracts",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "in_approval",
                "approved",
                "rejected",
                "returned",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "term",
            sa.Enum("long", "short", name="duration", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
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
        sa.Column("total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("assessment", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("verdict", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_contracts_dates")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_contracts_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
    )
    op.create_index("ix_contracts_customer", "contracts", ["customer_id", "id"], unique=False)
    op.create_index("ix_contracts_ends_on", "contracts", ["ends_on", "id"], unique=False)
    op.create_index("ix_contracts_number", "contracts", ["number", "id"], unique=False)
    op.create_index(
        "ix_contracts_search", "contracts", ["number"], unique=False, postgresql_ops={"number": "text_pattern_ops"}
    )
    op.create_index("ix_contracts_starts_on", "contracts", ["starts_on", "id"], unique=False)
    op.create_index("ix_contracts_status", "contracts", ["status", "id"], unique=False)
    op.create_index("ix_contracts_total", "contracts", ["total", "id"], unique=False)
    op.create_index("uq_contracts_number", "contracts", [sa.literal_column("lower(number)")], unique=True)
    op.create_table(
        "contract_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("price_per_ton", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("product_name", sa.String(length=200), nullable=True),
        sa.Column(
            "price_level",
            sa.Enum(
                "sales_rep",
                "sales_manager",
                "general_manager",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("tons > 0 AND price_per_ton > 0", name=op.f("ck_contract_lines_positive")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_lines_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_lines")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_contract_lines_contract_id_number")),
    )
    op.create_table(
        "orders",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("confirmed", name="status", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("deliver_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_orders_contract_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_orders_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    op.create_index("ix_orders_contract", "orders", ["contract_id", "id"], unique=False)
    op.create_index("ix_orders_customer", "orders", ["customer_id", "id"], unique=False)
    op.create_index("ix_orders_deliver_on", "orders", ["deliver_on", "id"], unique=False)
    op.create_index(
        "ix_orders_search", "orders", ["number"], unique=False, postgresql_ops={"number": "text_pattern_ops"}
    )
    op.create_table(
        "order_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("contract_line_id", sa.Uuid(), nullable=False),
        sa.Column("tons", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.CheckConstraint("tons > 0", name=op.f("ck_order_lines_positive")),
        sa.ForeignKeyConstraint(
            ["contract_line_id"], ["contract_lines.id"], name=op.f("fk_order_lines_contract_line_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_order_lines_order_id_number")),
    )
    op.create_index(op.f("ix_order_lines_contract_line_id"), "order_lines", ["contract_line_id"], unique=False)
    op.execute("CREATE SEQUENCE order_numbers")


def downgrade() -> None:
    op.execute("DROP SEQUENCE order_numbers")
    op.drop_index(op.f("ix_order_lines_contract_line_id"), table_name="order_lines")
    op.drop_table("order_lines")
    op.drop_index("ix_orders_search", table_name="orders", postgresql_ops={"number": "text_pattern_ops"})
    op.drop_index("ix_orders_deliver_on", table_name="orders")
    op.drop_index("ix_orders_customer", table_name="orders")
    op.drop_index("ix_orders_contract", table_name="orders")
    op.drop_table("orders")
    op.drop_table("contract_lines")
    op.drop_index("uq_contracts_number", table_name="contracts")
    op.drop_index("ix_contracts_total", table_name="contracts")
    op.drop_index("ix_contracts_status", table_name="contracts")
    op.drop_index("ix_contracts_starts_on", table_name="contracts")
    op.drop_index("ix_contracts_search", table_name="contracts", postgresql_ops={"number": "text_pattern_ops"})
    op.drop_index("ix_contracts_number", table_name="contracts")
    op.drop_index("ix_contracts_ends_on", table_name="contracts")
    op.drop_index("ix_contracts_customer", table_name="contracts")
    op.drop_table("contracts")
    op.drop_index(op.f("ix_shipped_lines_order_line_id"), table_name="shipped_lines")
    op.drop_index("ix_shipped_lines_notice", table_name="shipped_lines")
    op.drop_table("shipped_lines")
    op.drop_index("ix_returned_lines_note", table_name="returned_lines")
    op.drop_table("returned_lines")
    op.drop_index(op.f("ix_released_lines_order_line_id"), table_name="released_lines")
    op.drop_table("released_lines")
    op.drop_table("products")
    op.drop_table("price_authorities")
    op.drop_index("ix_customers_rep", table_name="customers")
    op.drop_table("customers")
    op.drop_table("credit_positions")
    op.drop_table("base_prices")
