"""Search among the cases and their lessons: what is indexed, how words find it, how facets narrow it. docs/search.md"""
