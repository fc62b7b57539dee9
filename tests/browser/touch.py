"""What is too small for a thumb."""

# Links inside a text may be as high as the text; boxes are tapped with their label.
TARGETS = (
    "button, summary, select, textarea, a.btn, .tab, .nav-link-item, "
    "input:not([type=hidden], [type=checkbox], [type=radio])"
)
TOO_SMALL = """(nodes) => nodes
  .filter((node) => node.checkVisibility({ visibilityProperty: true }))
  .map((node) => [node.outerHTML.slice(0, 90), node.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
  .map(([html, box]) => `${box.width}x${box.height} ${html}`)"""


def too_small(page):
    return page.locator(TARGETS).evaluate_all(TOO_SMALL)
