"""Invented names and places of the demo data."""

REGIONS = (
    ("EMEA", "emea", "Europe/Berlin", "DE", ""),
    ("Americas", "americas", "America/New_York", "US", "NY"),
    ("Asia Pacific", "apac", "Australia/Sydney", "AU", "NSW"),
)
PRACTICES = ("DevSecOps", "Migration", "Education")

# name, zone, country, subdivision, region
CUSTOMERS = (
    ("Harbour Light Insurance", "Australia/Sydney", "AU", "NSW", "apac"),
    ("Nordlicht Energie", "Europe/Berlin", "DE", "HH", "emea"),
    ("Spreebogen Logistik", "Europe/Berlin", "DE", "BE", "emea"),
    ("Hudson Valley Credit Union", "America/New_York", "US", "NY", "americas"),
    ("Cascadia Outdoor", "America/Los_Angeles", "US", "WA", "americas"),
    ("Maple Ridge Health", "America/Toronto", "CA", "ON", "americas"),
    ("Tamar Valley Wines", "Australia/Hobart", "AU", "TAS", "apac"),
    ("Kiwi Rail Components", "Pacific/Auckland", "NZ", "", "apac"),
    ("Sakura Robotics", "Asia/Tokyo", "JP", "", "apac"),
    ("Deccan Payments", "Asia/Kolkata", "IN", "KA", "apac"),
    ("Thames Bridge Bank", "Europe/London", "GB", "ENG", "emea"),
    ("Lowland Water Board", "Europe/Amsterdam", "NL", "", "emea"),
    ("Fjord Shipping", "Europe/Oslo", "NO", "", "emea"),
    ("Aurora Telecom", "Europe/Helsinki", "FI", "", "emea"),
    ("Sierra Nevada Foods", "Europe/Madrid", "ES", "MD", "emea"),
    ("Loire Aerospace", "Europe/Paris", "FR", "", "emea"),
    ("Alpenblick Kliniken", "Europe/Zurich", "CH", "ZH", "emea"),
    ("Danube Automotive", "Europe/Vienna", "AT", "", "emea"),
    ("Gulf Horizon Airlines", "Asia/Dubai", "AE", "", "emea"),
    ("Table Mountain Retail", "Africa/Johannesburg", "ZA", "", "emea"),
    ("Rio Claro Sementes", "America/Sao_Paulo", "BR", "SP", "americas"),
    ("Bluebonnet Semiconductor", "America/Chicago", "US", "TX", "americas"),
    ("Granite State University", "America/New_York", "US", "NH", "americas"),
    ("Pacific Crest Games", "America/Los_Angeles", "US", "CA", "americas"),
    ("Singapore Straits Trust", "Asia/Singapore", "SG", "", "apac"),
    ("Han River Display", "Asia/Seoul", "KR", "", "apac"),
    ("Emerald Isle Dairies", "Europe/Dublin", "IE", "", "emea"),
    ("Vistula Software House", "Europe/Warsaw", "PL", "", "emea"),
)

FIRST = (
    "Amara Bruno Chiara Daniel Elif Farid Greta Hiro Ines Jonas Keiko Liam Mira "
    "Noor Oskar Priya Quentin Rosa Sven Tala Umar Vera Wanda Xavier Yara Zoe Anton "
    "Bea Cyril Dana Emil Fatima Goran Helga Ivo Jana Kofi Lena Milo Nadia"
)
LAST = (
    "Abbott Bergmann Castillo Dahl Eriksen Fischer Gupta Haddad Ito Jensen Kowalski "
    "Lindqvist Moreau Nakamura Okafor Petrov Quinn Rossi Schneider Tanaka Ueda Vargas "
    "Weber Xu Yilmaz Zimmer Adler Brandt Chen Dubois Evans Ferrari Grant Hansen Iqbal "
    "Janssen Keller Lopez Mbeki Novak"
)
FIRST_NAMES, LAST_NAMES = FIRST.split(), LAST.split()

# What was sold, by kind: the title and the offerings of the catalogue behind it.
PRODUCTS = {
    "consulting": (
        ("Self-managed implementation", ("implementation-quickstart",)),
        ("Migration from Jenkins", ("ci-migration",)),
        ("Source migration", ("scm-migration",)),
        ("Health check", ("health-check",)),
        ("Single sign-on integration", ("identity-integration",)),
        ("CI/CD readiness assessment", ("readiness-assessment",)),
        ("High availability", ("self-managed-ha",)),
    ),
    "training": (
        ("CI/CD training", ("ilt-ci-cd",)),
        ("Git basics for developers", ("ilt-git-basics",)),
        ("Security essentials class", ("ilt-security-essentials",)),
        ("Project managers class", ("ilt-project-managers",)),
        ("InnerSourcing workshop", ("ilt-innersourcing",)),
        ("System administration class", ("ilt-system-administration-basic",)),
    ),
    "blended": (
        ("Implementation with enablement", ("rr-self-managed", "ilt-git-basics")),
        ("Migration and CI/CD training", ("migration-plus", "ilt-ci-cd")),
        ("DevSecOps roll-out with classes", ("devsecops-workflow", "ilt-ci-cd")),
    ),
    "dedicated": (
        ("Dedicated engineer, three months", ("dedicated-engineer-3",)),
        ("Dedicated engineer, half a year", ("dedicated-engineer-6",)),
    ),
}
JOB_TITLES = (
    "Head of platform",
    "Lead architect",
    "Engineering manager",
    "Learning coordinator",
    "Release manager",
)
NOTES = (
    "Agreed on the call.",
    "Confirmed by mail.",
    "Checked, nothing open.",
    "Done with the customer's lead.",
)
HOLD_REASONS = (
    "The customer's reorganisation: they come back to us next month.",
    "Waiting for the customer's new hardware.",
)
BACKLOG_REASON = "No team on the customer's side yet; they ask to wait a quarter."
RISK_REASON = "The customer's release waits for us; legal promised the paper this week."
BALL_REASON = "We wait for the customer's list of participants and accounts."
SET_ASIDE_REASON = "Booked from the start, so there is nothing to plan."
UNCERTIFIED_REASON = "Nobody who is certified was free on these days."
CANCEL_REASON = "The customer withdrew the project from this year's budget."

HANDOFF_QUESTIONS = (
    (
        "Which version do they run today, and may we upgrade it?",
        "17.4, self-managed. They upgrade it themselves before we start.",
    ),
    (
        "Who gives our people access to their network?",
        "Ask the customer's security for access",
    ),
)
# Outcomes are told with their measure, behind a bar.
HANDOFFS: dict[bool, tuple[dict[str, str], ...]] = {
    False: (
        {
            "goals": "One platform for all teams, so that releases no longer wait for "
            "hand-made builds.",
            "current_state": "Three source code tools and a build server that two "
            "people understand. A release a quarter, with a weekend of work.",
            "outcome-1": "Releases leave every two weeks | Releases a quarter: 1 → 6",
            "outcome-2": "Builds are reproducible | Failed builds a week: 40 → below 5",
            "scope_in": "- Installation with high availability\n- Migration of 60 "
            "projects\n- Pipelines for three reference applications",
            "scope_out": "- Training of the teams\n- Applications beyond the three",
            "risks": "Their security review takes three weeks and has not begun.",
            "growth": "Two business units watch this one; together 900 seats.",
            "growth_plan": "Invite both to the closure meeting.",
        },
        {
            "goals": "Pass the audit in autumn without a separate tool chain.",
            "current_state": "Scans run by hand before each release, results live in "
            "spreadsheets.",
            "outcome-1": "Every merge is scanned | Share of merges: 5 % → 100 %",
            "scope_in": "- Security scanning in the pipelines of ten projects\n- "
            "Policies for merge approval",
            "scope_out": "- Mending what the scans find",
            "risks": "Old pipelines without owners.",
            "growth": "The group's other brands have the same auditor.",
            "growth_plan": "Offer them the readiness check in the third quarter.",
        },
    ),
    True: (
        {
            "goals": "All developers work with merge requests by summer.",
            "current_state": "Most come from another version control; a few have "
            "taught themselves.",
            "outcome-1": "Developers use it every day | Weekly active users: 30 → 200",
            "scope_in": "- Two classes of twelve, remote",
            "scope_out": "- Their own pipelines\n- Certification retakes",
            "risks": "Half of them sit behind a proxy that blocks video.",
            "growth": "The data teams want a class of their own.",
            "growth_plan": "Ask after the second class.",
        },
    ),
}
