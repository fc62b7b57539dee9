"""Reports in the forms in which the meeting platform exports them.

The class is on Tue 6 April 2027, 09:00 to 13:00 in Sydney; the account's clock is
Sydney's too, unless a report says otherwise.
"""

# A webinar: three lines of header, then one table a part, each with its own columns.
WEBINAR = """\
Attendee Report
Report Generated:,"Apr 7, 2027 09:12 AM"
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered,# Cancelled,\
Unique Viewers,Total Users,Max Concurrent Views
"GitLab CI/CD, for Acme","912 3456 7890","Apr 6, 2027 08:45 AM",262,5,0,4,6,4
Host Details,
Attended,User Name (Original Name),Email,Join Time,Leave Time,\
Time in Session (minutes),Is Guest,Country/Region Name
Yes,"PS Training",training@ps.example,"Apr 6, 2027 08:45:01 AM",\
"Apr 6, 2027 01:07:12 PM",262,No,"Australia"
Panelist Details,
Attended,User Name (Original Name),Email,Join Time,Leave Time,\
Time in Session (minutes),Is Guest,Country/Region Name
Yes,"Tara Trainer",tara@ps.example,"Apr 6, 2027 08:50:00 AM",\
"Apr 6, 2027 01:05:00 PM",255,No,"Australia"
Attendee Details,
Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,\
Approval Status,Join Time,Leave Time,Time in Session (minutes),Is Guest,\
Country/Region Name
Yes,"Jane Doe",Jane,Doe,jane@acme.example,"Mar 25, 2027 10:21:03 AM",approved,\
"Apr 6, 2027 08:55:00 AM","Apr 6, 2027 10:00:00 AM",65,Yes,"Australia"
Yes,"iPhone von Jane",Jane,Doe,jane@acme.example,"Mar 25, 2027 10:21:03 AM",approved,\
"Apr 6, 2027 09:50:00 AM","Apr 6, 2027 11:00:00 AM",70,Yes,"Australia"
Yes,"Jane Doe",Jane,Doe,jane@acme.example,"Mar 25, 2027 10:21:03 AM",approved,\
"Apr 6, 2027 11:30:00 AM","Apr 6, 2027 12:00:00 PM",30,Yes,"Australia"
Yes,"iPhone von Jane",Jane,Doe,jane@acme.example,"Mar 25, 2027 10:21:03 AM",approved,\
"Apr 6, 2027 12:30:00 PM","Apr 6, 2027 01:10:00 PM",40,Yes,"Australia"
Yes,"Müller, Jörg",Jörg,Müller,joerg.mueller@acme.example,"Mar 26, 2027 08:00:00 AM",\
approved,"Apr 6, 2027 09:00:00 AM","Apr 6, 2027 01:00:00 PM",240,Yes,"Germany"
No,"Bob Stone",Bob,Stone,bob@acme.example,"Mar 27, 2027 04:05:06 PM",\
approved,--,--,--,--,
Other Attended,
User Name,Join Time,Leave Time,Time in Session (minutes),Country/Region Name
"+61 2*****78","Apr 6, 2027 09:01:00 AM","Apr 6, 2027 09:31:00 AM",30,"Australia"
"""

# A meeting: the line about the meeting, an empty line, then everybody in one table.
MEETING = """\
Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
912 3456 7890,GitLab CI/CD,04/06/2027 08:45:01 AM,04/06/2027 01:07:12 PM,\
training@ps.example,263,5

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,\
Recording Consent,In Waiting Room
PS Training,training@ps.example,04/06/2027 08:45:01 AM,04/06/2027 01:07:12 PM,263,No,Y,\
No
Jane (Acme),jane@acme.example,04/06/2027 08:40:00 AM,04/06/2027 08:55:00 AM,15,Yes,,\
Yes
Jane (Acme),jane@acme.example,04/06/2027 08:55:00 AM,04/06/2027 11:00:00 AM,125,Yes,Y,\
No
iPhone von Jane,,04/06/2027 11:00:00 AM,04/06/2027 01:00:00 PM,120,Yes,Y,No
Bob Stone (Bobby),,04/06/2027 09:00:00 AM,04/06/2027 01:00:00 PM,240,Yes,Y,No
"""

# The same with "show unique users": no joins, only their sum.
UNIQUE = """\
Name (Original Name),User Email,Total Duration (Minutes),Guest
Jane Doe,jane@acme.example,245,Yes
Bob Stone,,"1:58:30",Yes
"""

REGISTRATION = """\
Registration Report
Report Generated:,"Mar 30, 2027 08:00 AM"
Topic,Webinar ID,Scheduled Time,Duration (minutes),# Registered,# Cancelled,# Approved,\
# Denied
"GitLab CI/CD","912 3456 7890","Apr 6, 2027 09:00 AM",240,4,1,3,0
Attendee Details,
First Name,Last Name,Email,Organization,Registration Time,Approval Status
Jane,Doe,Jane@Acme.example,"Acme, Inc.","Mar 25, 2027 10:21:03 AM",approved
Jörg,Müller,joerg.mueller@acme.example,"Acme
Research","Mar 26, 2027 08:00:00 AM",approved
Bob,Stone,bob@acme.example,Acme,"Mar 27, 2027 04:05:06 PM",approved
Carl,Gone,carl@acme.example,Acme,"Mar 27, 2027 04:06:00 PM",cancelled by self
"""

GERMAN = """\
Thema;Meeting-ID;Startzeit;Endzeit
GitLab CI/CD;912 3456 7890;06.04.2027 09:00:00;06.04.2027 13:00:00

Name (Originalname);Benutzer-E-Mail;Beitrittszeit;Verlassenszeit;Dauer (Minuten);Gast;\
Im Warteraum
Jörg Müller;joerg.mueller@acme.example;06.04.2027 09:00:00;06.04.2027 13:00:00;240;Ja;\
Nein
"""

POLL = """\
Poll Report
Report Generated:,"Apr 7, 2027 09:12 AM"
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes)
"GitLab CI/CD","912 3456 7890","Apr 6, 2027 08:45 AM",262
Poll Details
#,User Name,User Email,Submitted Date/Time,
1,Jane Doe,jane@acme.example,"Apr 6, 2027 10:00:00",How was it?,Good
"""


def registrations(count):
    """A report of so many registrations, each of somebody else."""
    lines = [
        f'First{n},Last{n},person{n}@acme.example,"Mar 25, 2027 10:21:03 AM",approved'
        for n in range(count)
    ]
    head = REGISTRATION.split("First Name")[0]
    columns = "First Name,Last Name,Email,Registration Time,Approval Status"
    return "\n".join([f"{head}{columns}", *lines, ""])
