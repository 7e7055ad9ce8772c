"""Machinery."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEEP_DEMO_MARK = (
    """
    CREATE FUNCTION keep_demo_mark() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a database is marked when it is begun, as a demo or as real'
            USING ERRCODE = 'restrict_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER keep_demo_mark BEFORE UPDATE OF demo ON business_clock
        FOR EACH ROW WHEN (NEW.demo <> OLD.demo) EXECUTE FUNCTION keep_demo_mark()
    """,
    """
    CREATE TRIGGER keep_demo_mark_row BEFORE DELETE OR TRUNCATE ON business_clock
        FOR EACH STATEMENT EXECUTE FUNCTION keep_demo_mark()
    """,
)


def upgrade() -> None:
    op.create_table(
        "approval_cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter", sa.String(length=60), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("band", sa.String(length=60), nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column("policy_key", sa.String(length=80), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("title_zh", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "approved",
                "rejected",
                "returned",
                name="case_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_cases")),
    )
    op.create_index("ix_approval_cases_document", "approval_cases", ["document", "id"], unique=False)
    op.create_index(
        "uq_approval_cases_open", "approval_cases", ["document"], unique=True, postgresql_where="status = 'open'"
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=130), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(
        "ix_attachments_unlinked", "attachments", ["uploaded_at"], unique=False, postgresql_where="NOT linked"
    )
    op.create_table(
        "breaches",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("fine_least", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("fine_most", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column(
            "acted_as",
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
                name="acted_as",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("opened_as", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "decider",
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
                name="decider",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "serious",
                "fined",
                "confirmed",
                "waived",
                "appealed",
                "upheld",
                "lifted",
                "withdrawn",
                name="breach_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("fine", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("serious_because", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.Column("judgement", sa.Text(), nullable=True),
        sa.Column("judged_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "fine IS NULL OR coalesce(fine BETWEEN fine_least AND fine_most, false)", name=op.f("ck_breaches_fine")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaches")),
    )
    op.create_index("ix_breaches_about", "breaches", ["about"], unique=False)
    op.create_index("ix_breaches_person", "breaches", ["person", "opened_at"], unique=False)
    op.create_index("ix_breaches_status", "breaches", ["status", "id"], unique=False)
    op.create_index(
        "uq_breaches_case",
        "breaches",
        ["kind", "about", "person"],
        unique=True,
        postgresql_where="status <> 'withdrawn'",
    )
    op.create_table(
        "business_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("days_ahead", sa.Integer(), nullable=False),
        sa.CheckConstraint("days_ahead >= 0", name=op.f("ck_business_clock_forward")),
        sa.CheckConstraint("demo OR days_ahead = 0", name=op.f("ck_business_clock_only_demo_moves")),
        sa.CheckConstraint("id = 1", name=op.f("ck_business_clock_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_clock")),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "poison",
                "parked",
                "settled",
                "discarded",
                name="letter_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.String(length=160), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(length=120), nullable=True),
        sa.Column("account", sa.Uuid(), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_body", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "proposal",
            sa.Enum(
                "repair",
                "discard",
                "accept_loss",
                name="proposal",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("proposed_body", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_because", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.String(length=80), nullable=True),
        sa.Column("proposed_for", sa.String(length=80), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
    op.create_index("ix_dead_letters_status", "dead_letters", ["status", "id"], unique=False)
    op.create_index(
        "uq_dead_letters_document_version",
        "dead_letters",
        ["document", "version"],
        unique=True,
        postgresql_where="status IN ('poison', 'parked')",
    )
    op.create_index(
        "uq_dead_letters_place",
        "dead_letters",
        ["topic", "partition", "offset", "account"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where="version IS NULL",
    )
    op.create_table(
        "delegations",
        sa.Column("id", sa.Uuid(), nullable=False),
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
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index("ix_delegations_deputy", "delegations", ["deputy"], unique=False)
    op.create_index("ix_delegations_holder", "delegations", ["holder"], unique=False)
    op.create_table(
        "devices",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("enrolment", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("enrolled_by", sa.String(length=80), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("switched_off_by", sa.String(length=80), nullable=True),
        sa.Column("switched_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("switched_off_because", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    op.create_table(
        "document_progress",
        sa.Column("document", sa.String(length=160), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_document_progress")),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index("ix_history_document", "history", ["document", "id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("route", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("principal", "route", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_stored_at", "idempotency_keys", ["stored_at"], unique=False)
    op.create_table(
        "import_progress",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_progress")),
    )
    op.create_table(
        "inbox",
        sa.Column("event", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("position", sa.String(length=40), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("traceparent", sa.String(length=80), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_id")),
    )
    op.create_index("ix_outbox_published_at", "outbox", ["published_at"], unique=False)
    op.create_index("ix_outbox_unpublished", "outbox", ["seq"], unique=False, postgresql_where="published_at IS NULL")
    op.create_table(
        "own_days",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("place", "day", name=op.f("pk_own_days")),
    )
    op.create_table(
        "people",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=True),
        sa.Column("place", sa.String(length=64), nullable=True),
        sa.Column("superior", sa.String(length=80), nullable=True),
        sa.Column("roles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_people")),
    )
    op.create_index("ix_people_superior", "people", ["superior"], unique=False)
    op.create_table(
        "policies",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "in_force",
                "proposed",
                "refused",
                name="policy_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_policies_version")),
        sa.PrimaryKeyConstraint("key", "version", name=op.f("pk_policies")),
    )
    op.create_table(
        "position_questions",
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account", "topic", name=op.f("pk_position_questions")),
    )
    op.create_table(
        "seals",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_seals")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
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
        sa.Column("assignee", sa.String(length=80), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column("title_zh", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_since", sa.Date(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("to_note", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "done", name="task_status", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index("ix_tasks_assignee", "tasks", ["assignee", "id"], unique=False, postgresql_where="status = 'open'")
    op.create_index(
        "ix_tasks_customer", "tasks", ["customer_id", "id"], unique=False, postgresql_where="status = 'open'"
    )
    op.create_index("ix_tasks_document", "tasks", ["document"], unique=False)
    op.create_index("ix_tasks_open", "tasks", ["role", "id"], unique=False, postgresql_where="status = 'open'")
    op.create_table(
        "tellings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "sent",
                "dropped",
                "dead",
                name="telling_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tellings")),
    )
    op.create_index("ix_tellings_ended_at", "tellings", ["ended_at"], unique=False)
    op.create_index("ix_tellings_waiting", "tellings", ["due_at"], unique=False, postgresql_where="status = 'waiting'")
    op.create_table(
        "throttles",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("who", sa.String(length=160), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "who", name=op.f("pk_throttles")),
    )
    op.create_index("ix_throttles_began_at", "throttles", ["began_at"], unique=False)
    op.create_table(
        "timer_progress",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("done", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_timer_progress")),
    )
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seal", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index("ix_verdicts_document", "verdicts", ["document", "id"], unique=False)
    op.create_index("ix_verdicts_seal", "verdicts", ["seal", "place"], unique=False)
    op.create_index("ix_verdicts_unsealed", "verdicts", ["id"], unique=False, postgresql_where="seal IS NULL")
    op.create_table(
        "approval_steps",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
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
        sa.Column(
            "decision",
            sa.Enum(
                "approve", "reject", "return", name="decision", native_enum=False, create_constraint=True, length=30
            ),
            nullable=True,
        ),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_by_name", sa.String(length=80), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_hash", sa.String(length=64), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["approval_cases.id"], name=op.f("fk_approval_steps_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_approval_steps")),
    )
    op.create_table(
        "attachment_links",
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("linked_by", sa.String(length=80), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name=op.f("fk_attachment_links_attachment_id")),
        sa.PrimaryKeyConstraint("document", "attachment_id", name=op.f("pk_attachment_links")),
    )
    op.create_index("ix_attachment_links_attachment", "attachment_links", ["attachment_id"], unique=False)
    op.create_table(
        "imports",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "uploaded",
                "checked",
                "in_approval",
                "storing",
                "done",
                "refused",
                "failed",
                "rejected",
                "withdrawn",
                name="import_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("file", sa.String(length=130), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("author_name", sa.String(length=80), nullable=False),
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
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sums", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("failure_zh", sa.String(length=300), nullable=True),
        sa.Column("failure_en", sa.String(length=300), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name=op.f("fk_imports_attachment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_kind", "imports", ["kind", "id"], unique=False)
    op.create_index(
        "ix_imports_of_worker", "imports", ["id"], unique=False, postgresql_where="status IN ('uploaded', 'storing')"
    )
    op.create_index(
        "uq_imports_file",
        "imports",
        ["kind", "sha256"],
        unique=True,
        postgresql_where="status NOT IN ('rejected', 'withdrawn')",
    )
    op.create_table(
        "phone_words",
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column(
            "acted_as",
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
                name="acted_as",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("superior", sa.String(length=80), nullable=False),
        sa.Column(
            "superior_role",
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
                name="superior_role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("liable", sa.String(length=80), nullable=False),
        sa.Column(
            "liable_as",
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
                name="liable_as",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=True),
        sa.Column("least_price", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("most_value", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("most_tons", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "given",
                "papered",
                "confirmed",
                "settled",
                "denied",
                "withdrawn",
                name="word_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("papers", sa.Text(), nullable=True),
        sa.Column("papers_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("missed_on", sa.Date(), nullable=True),
        sa.Column("breach_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("hands", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.CheckConstraint("expires_at > given_at", name=op.f("ck_phone_words_expiry")),
        sa.CheckConstraint("num_nonnulls(least_price, most_value, most_tons) = 1", name=op.f("ck_phone_words_bound")),
        sa.CheckConstraint("superior <> author", name=op.f("ck_phone_words_two_people")),
        sa.ForeignKeyConstraint(["breach_id"], ["breaches.id"], name=op.f("fk_phone_words_breach_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_words")),
    )
    op.create_index("ix_phone_words_author", "phone_words", ["author", "id"], unique=False)
    op.create_index("ix_phone_words_liable", "phone_words", ["liable", "channel"], unique=False)
    op.create_index("ix_phone_words_status", "phone_words", ["status", "id"], unique=False)
    op.create_index("ix_phone_words_superior", "phone_words", ["superior", "id"], unique=False)
    op.create_table(
        "import_faults",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=80), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("column", sa.String(length=3), nullable=True),
        sa.Column("heading_zh", sa.String(length=80), nullable=True),
        sa.Column("heading_en", sa.String(length=80), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_faults_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_faults")),
    )
    op.create_index("uq_import_faults_number", "import_faults", ["import_id", "number"], unique=True)
    op.create_table(
        "phone_uses",
        sa.Column("word_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("figure", sa.Numeric(precision=17, scale=3), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["word_id"], ["phone_words.id"], name=op.f("fk_phone_uses_word_id")),
        sa.PrimaryKeyConstraint("word_id", "document", name=op.f("pk_phone_uses")),
    )
    for statement in _KEEP_DEMO_MARK:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("phone_uses")
    op.drop_index("uq_import_faults_number", table_name="import_faults")
    op.drop_table("import_faults")
    op.drop_index("ix_phone_words_superior", table_name="phone_words")
    op.drop_index("ix_phone_words_status", table_name="phone_words")
    op.drop_index("ix_phone_words_liable", table_name="phone_words")
    op.drop_index("ix_phone_words_author", table_name="phone_words")
    op.drop_table("phone_words")
    op.drop_index("uq_imports_file", table_name="imports", postgresql_where="status NOT IN ('rejected', 'withdrawn')")
    op.drop_index("ix_imports_of_worker", table_name="imports", postgresql_where="status IN ('uploaded', 'storing')")
    op.drop_index("ix_imports_kind", table_name="imports")
    op.drop_table("imports")
    op.drop_index("ix_attachment_links_attachment", table_name="attachment_links")
    op.drop_table("attachment_links")
    op.drop_table("approval_steps")
    op.drop_index("ix_verdicts_unsealed", table_name="verdicts", postgresql_where="seal IS NULL")
    op.drop_index("ix_verdicts_seal", table_name="verdicts")
    op.drop_index("ix_verdicts_document", table_name="verdicts")
    op.drop_table("verdicts")
    op.drop_table("timer_progress")
    op.drop_index("ix_throttles_began_at", table_name="throttles")
    op.drop_table("throttles")
    op.drop_index("ix_tellings_waiting", table_name="tellings", postgresql_where="status = 'waiting'")
    op.drop_index("ix_tellings_ended_at", table_name="tellings")
    op.drop_table("tellings")
    op.drop_index("ix_tasks_open", table_name="tasks", postgresql_where="status = 'open'")
    op.drop_index("ix_tasks_document", table_name="tasks")
    op.drop_index("ix_tasks_customer", table_name="tasks", postgresql_where="status = 'open'")
    op.drop_index("ix_tasks_assignee", table_name="tasks", postgresql_where="status = 'open'")
    op.drop_table("tasks")
    op.drop_table("seals")
    op.drop_table("position_questions")
    op.drop_table("policies")
    op.drop_index("ix_people_superior", table_name="people")
    op.drop_table("people")
    op.drop_table("own_days")
    op.drop_index("ix_outbox_unpublished", table_name="outbox", postgresql_where="published_at IS NULL")
    op.drop_index("ix_outbox_published_at", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("ix_inbox_received_at", table_name="inbox")
    op.drop_table("inbox")
    op.drop_table("import_progress")
    op.drop_index("ix_idempotency_keys_stored_at", table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_index("ix_history_document", table_name="history")
    op.drop_table("history")
    op.drop_table("document_progress")
    op.drop_table("devices")
    op.drop_index("ix_delegations_holder", table_name="delegations")
    op.drop_index("ix_delegations_deputy", table_name="delegations")
    op.drop_table("delegations")
    op.drop_index(
        "uq_dead_letters_place",
        table_name="dead_letters",
        postgresql_nulls_not_distinct=True,
        postgresql_where="version IS NULL",
    )
    op.drop_index(
        "uq_dead_letters_document_version", table_name="dead_letters", postgresql_where="status IN ('poison', 'parked')"
    )
    op.drop_index("ix_dead_letters_status", table_name="dead_letters")
    op.drop_table("dead_letters")
    op.drop_table("business_clock")
    op.drop_index("uq_breaches_case", table_name="breaches", postgresql_where="status <> 'withdrawn'")
    op.drop_index("ix_breaches_status", table_name="breaches")
    op.drop_index("ix_breaches_person", table_name="breaches")
    op.drop_index("ix_breaches_about", table_name="breaches")
    op.drop_table("breaches")
    op.drop_index("ix_attachments_unlinked", table_name="attachments", postgresql_where="NOT linked")
    op.drop_table("attachments")
    op.drop_index("uq_approval_cases_open", table_name="approval_cases", postgresql_where="status = 'open'")
    op.drop_index("ix_approval_cases_document", table_name="approval_cases")
    op.drop_table("approval_cases")
    op.execute("DROP FUNCTION keep_demo_mark")
