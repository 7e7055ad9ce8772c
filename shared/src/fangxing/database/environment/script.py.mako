<%!
    def alone(commands):
        """The commands without Alembic's own comments around them."""
        return "\n".join(line for line in commands.splitlines() if "# ###" not in line).strip()
%>\
"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports or ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades | alone}


def downgrade() -> None:
    ${downgrades | alone}
