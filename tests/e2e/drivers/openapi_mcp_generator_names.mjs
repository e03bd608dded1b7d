// Prints the tools that openapi-mcp-generator makes of OpenAPI documents: for each a list of [method, path, name], or its error.
import { getToolsFromOpenApi } from 'openapi-mcp-generator';

console.warn = () => {};
const found = [];
for (const path of process.argv.slice(2)) {
  try {
    const tools = await getToolsFromOpenApi(path, { dereference: true });
    found.push(tools.map((tool) => [tool.method.toUpperCase(), tool.pathTemplate, tool.name]));
  } catch (error) {
    found.push(String(error.message).slice(0, 500));
  }
}
process.stdout.write('\n' + JSON.stringify(found));
