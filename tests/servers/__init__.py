"""Real servers for the tests, which can be stopped, killed and frozen without harm to others."""

from tests.servers.binaries import MissingServer as MissingServer
from tests.servers.binaries import pgbouncers as pgbouncers
from tests.servers.binaries import postgresql_18 as postgresql_18
from tests.servers.group import GroupMember as GroupMember
from tests.servers.mysql import MariaDB as MariaDB
from tests.servers.mysql import MySQL as MySQL
from tests.servers.pgbouncer import PgBouncer as PgBouncer
from tests.servers.postgresql import PostgreSQL as PostgreSQL
from tests.servers.postgresql import Replica as Replica
from tests.servers.prometheus import Prometheus as Prometheus
