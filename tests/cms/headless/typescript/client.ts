// A front end that leans on the contract: it compiles, or the contract broke a promise. Never run.
import type { components, paths } from "./api";

type PageList = paths["/api/v1/pages/"]["get"]["responses"]["200"]["content"]["application/json"];
type Problem = components["schemas"]["ProblemOut"];
type Page = PageList["items"][number];

export function heading(page: Page): string {
  return `${page.type} ${page.id}: ${page.title ?? ""}`;
}

export function pictures(page: Page): string[] {
  if (page.type !== "cms.StandardPage") {
    return [];
  }
  const found: string[] = [];
  for (const block of page.body ?? []) {
    // Each block is told apart by its type, and its value is typed.
    if (block.type === "image") {
      const made = block.value.image?.renditions["width-800"];
      if (made) {
        found.push(`${made.url} ${made.width}x${made.height} ${block.value.alternative}`);
      }
    } else if (block.type === "text") {
      const html: string = block.value;
      found.push(html.slice(0, 10));
    }
  }
  return found;
}

export function told(problem: Problem): string {
  return problem.errors.map((error) => `${error.loc.join(".")}: ${error.msg}`).join("\n");
}
