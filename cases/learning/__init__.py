"""Cases for somebody else's learning platform: packages, feeds, cards. See docs/learning.md."""

from cases.learning.cartridge import common_cartridge
from cases.learning.course import Course, course_of
from cases.learning.scorm import scorm_package
from cases.learning.signed_off import PARTS, keeps_back, keeps_from_package

__all__ = ["PARTS", "Course", "common_cartridge", "course_of", "keeps_back", "keeps_from_package", "scorm_package"]
