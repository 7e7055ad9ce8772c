"""Pricing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_GUARD = """
CREATE FUNCTION base_prices_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a version of a base price is immutable (3-7.1.2)' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1
        FROM price_proposals AS proposal
        JOIN approval_cases AS decided ON decided.document = 'price-proposal/' || proposal.id
        JOIN approval_steps AS step ON step.case_id = decided.id
        WHERE proposal.id = NEW.proposal_id
          AND proposal.product_id = NEW.product_id
          AND proposal.base_price = NEW.price
          AND proposal.status = 'approved'
          AND proposal.price_version = NEW.version
          AND decided.status = 'approved'
          AND step.role = 'general_manager'
          AND step.decision = 'approve'
    ) THEN
        RAISE EXCEPTION 'a base price needs a proposal that the GM approved (3-7.3.3)'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""
_GUARD_ROWS = """
CREATE TRIGGER base_prices_guard BEFORE INSERT OR UPDATE OR DELETE ON base_prices
    FOR EACH ROW EXECUTE FUNCTION base_prices_guard()
"""
_GUARD_TABLE = """
CREATE TRIGGER base_prices_guard_table BEFORE TRUNCATE ON base_prices
    FOR EACH STATEMENT EXECUTE FUNCTION base_prices_guard()
"""


def upgrade() -> None:
    op.create_table(
        "authority_families",
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("family", name=op.f("pk_authority_families")),
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
        sa.Column("price_versions", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
    )
    op.create_index("ix_products_code", "products", ["code", "id"], unique=False)
    op.create_index("ix_products_family", "products", ["family", "id"], unique=False)
    op.create_index("ix_products_lifecycle", "products", ["lifecycle", "id"], unique=False)
    op.create_index("ix_products_name", "products", ["name", "id"], unique=False)
    op.create_index("uq_products_code", "products", [sa.literal_column("lower(code)")], unique=True)
    op.create_table(
        "authority_tables",
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "in_approval",
                "approved",
                "rejected",
                "returned",
                "withdrawn",
                name="authority_status",
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
        sa.CheckConstraint(
            "status <> 'approved' OR (version IS NOT NULL AND effective_from IS NOT NULL)",
            name=op.f("ck_authority_tables_approved"),
        ),
        sa.ForeignKeyConstraint(["family"], ["authority_families.family"], name=op.f("fk_authority_tables_family")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_tables")),
        sa.UniqueConstraint("family", "version", name=op.f("uq_authority_tables_family_version")),
    )
    op.create_index("ix_authority_tables_family", "authority_tables", ["family", "id"], unique=False)
    op.create_index("ix_authority_tables_status", "authority_tables", ["status", "id"], unique=False)
    op.create_index(
        "uq_authority_tables_in_approval",
        "authority_tables",
        ["family"],
        unique=True,
        postgresql_where="status = 'in_approval'",
    )
    op.create_table(
        "price_proposals",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column(
            "flow",
            sa.Enum("new_product", "adjustment", name="flow", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("base_price", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "off_market",
                "blocks_marketing",
                "cost_deviation",
                "strategy",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column(
            "author_role",
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
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "opinions",
                "draft",
                "in_approval",
                "approved",
                "rejected",
                "returned",
                "withdrawn",
                name="proposal_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("price_version", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.CheckConstraint("base_price > 0", name=op.f("ck_price_proposals_base_price")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_price_proposals_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_proposals")),
    )
    op.create_index("ix_price_proposals_flow", "price_proposals", ["flow", "id"], unique=False)
    op.create_index("ix_price_proposals_product", "price_proposals", ["product_id", "id"], unique=False)
    op.create_index("ix_price_proposals_status", "price_proposals", ["status", "id"], unique=False)
    op.create_index(
        "uq_price_proposals_open",
        "price_proposals",
        ["product_id"],
        unique=True,
        postgresql_where="status IN ('opinions', 'draft', 'in_approval')",
    )
    op.create_table(
        "production_records",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "samples",
                "trial",
                "mass_production",
                "stopped",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_production_records_product_id")),
        sa.PrimaryKeyConstraint("product_id", "number", name=op.f("pk_production_records")),
    )
    op.create_table(
        "authority_bands",
        sa.Column("table_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "sales_rep", "sales_manager", name="band_role", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("percent_below", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("percent_above", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.CheckConstraint("percent_above BETWEEN 0 AND 100", name=op.f("ck_authority_bands_percent_above")),
        sa.CheckConstraint("percent_below BETWEEN 0 AND 100", name=op.f("ck_authority_bands_percent_below")),
        sa.ForeignKeyConstraint(["table_id"], ["authority_tables.id"], name=op.f("fk_authority_bands_table_id")),
        sa.PrimaryKeyConstraint("table_id", "role", name=op.f("pk_authority_bands")),
    )
    op.create_table(
        "base_prices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("price", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "status",
            sa.Enum("initial", "standard", name="price_status", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price > 0", name=op.f("ck_base_prices_price")),
        sa.CheckConstraint("version > 0", name=op.f("ck_base_prices_version")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_base_prices_product_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["price_proposals.id"], name=op.f("fk_base_prices_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_prices")),
        sa.UniqueConstraint("product_id", "version", name=op.f("uq_base_prices_product_id_version")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_base_prices_proposal_id")),
    )
    op.create_index(
        "ix_base_prices_effective_from", "base_prices", ["product_id", "effective_from", "id"], unique=False
    )
    op.create_table(
        "price_opinions",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("finance", "production", name="side", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("cost_per_ton", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.String(length=80), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cost_per_ton > 0", name=op.f("ck_price_opinions_cost_per_ton")),
        sa.ForeignKeyConstraint(["proposal_id"], ["price_proposals.id"], name=op.f("fk_price_opinions_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "side", name=op.f("pk_price_opinions")),
    )
    # The price table refuses what does not come through the flow, whoever writes it.
    for statement in (_GUARD, _GUARD_ROWS, _GUARD_TABLE):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("price_opinions")
    op.drop_index("ix_base_prices_effective_from", table_name="base_prices")
    op.drop_table("base_prices")
    op.drop_table("authority_bands")
    op.drop_table("production_records")
    op.drop_index(
        "uq_price_proposals_open",
        table_name="price_proposals",
        postgresql_where="status IN ('opinions', 'draft', 'in_approval')",
    )
    op.drop_index("ix_price_proposals_status", table_name="price_proposals")
    op.drop_index("ix_price_proposals_product", table_name="price_proposals")
    op.drop_index("ix_price_proposals_flow", table_name="price_proposals")
    op.drop_table("price_proposals")
    op.drop_index(
        "uq_authority_tables_in_approval", table_name="authority_tables", postgresql_where="status = 'in_approval'"
    )
    op.drop_index("ix_authority_tables_status", table_name="authority_tables")
    op.drop_index("ix_authority_tables_family", table_name="authority_tables")
    op.drop_table("authority_tables")
    op.drop_index("uq_products_code", table_name="products")
    op.drop_index("ix_products_name", table_name="products")
    op.drop_index("ix_products_lifecycle", table_name="products")
    op.drop_index("ix_products_family", table_name="products")
    op.drop_index("ix_products_code", table_name="products")
    op.drop_table("products")
    op.drop_table("authority_families")
    op.execute("DROP FUNCTION base_prices_guard()")
