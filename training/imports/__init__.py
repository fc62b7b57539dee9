"""Reports of registrations and attendance as the meeting platform exports them.

Pure: bytes in, rows out; no database, no clock.
"""

from training.imports.problems import UnreadableReport as UnreadableReport
from training.imports.reports import Entry as Entry
from training.imports.reports import Join as Join
from training.imports.reports import Reading as Reading
from training.imports.reports import Report as Report
from training.imports.reports import Section as Section
from training.imports.reports import read_report as read_report
