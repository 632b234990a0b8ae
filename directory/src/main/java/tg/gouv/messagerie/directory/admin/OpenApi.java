package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tg.gouv.messagerie.directory.provisioning.RememberedRequests;

/** The API's own description (OpenAPI 3.1), made of its operations, so that it cannot tell of others. */
final class OpenApi {
    private static final Pattern NAME = Pattern.compile("\\{([a-z-]+)}");

    private OpenApi() {}

    static ObjectNode document(List<Operation> operations) {
        ObjectNode document = Json.object();
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Messagerie: administration")
                .put("version", "1")
                .put(
                        "description",
                        "Errors are problem details (RFC 9457). Lists are pages: ask again with after = next.");
        document.putArray("servers").addObject().put("url", AdministrationApi.PREFIX);
        ObjectNode paths = document.putObject("paths");
        for (Operation operation : operations) {
            ObjectNode at = paths.has(operation.path())
                    ? (ObjectNode) paths.get(operation.path())
                    : paths.putObject(operation.path());
            describe(operation, at.putObject(operation.method().toLowerCase(Locale.ROOT)));
        }
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("token")
                .put("type", "http")
                .put("scheme", "bearer");
        components
                .putObject("parameters")
                .putObject(RequestKey.FIELD)
                .put("name", RequestKey.FIELD)
                .put("in", "header")
                .put("required", false)
                .put(
                        "description",
                        "The request is done once: for " + RememberedRequests.KEPT.toHours()
                                + " hours the same request with the same key is answered as it was the first time. A secret is not repeated"
                                + " (409). 409 while it is being done, 422 if the key was another request's.")
                .putObject("schema")
                .put("type", "string")
                .put("minLength", 1)
                .put("maxLength", RememberedRequests.KEY_MAX + 2); // with its quotation marks
        ObjectNode problem = components.putObject("schemas").putObject("Problem");
        problem.put("type", "object");
        ObjectNode members = problem.putObject("properties");
        members.putObject("type").put("type", "string").put("format", "uri");
        members.putObject("title").put("type", "string");
        members.putObject("status").put("type", "integer");
        members.putObject("values").put("type", "array").putObject("items").put("type", "string");
        return document;
    }

    private static void describe(Operation operation, ObjectNode described) {
        described.put("operationId", operation.id());
        described.put("summary", operation.summary());
        described.put("description", "Needs: " + operation.needs() + ".");
        ArrayNode security = described.putArray("security");
        if (!operation.needs().equals("nothing")) {
            security.addObject().putArray("token");
        }
        ArrayNode parameters = described.putArray("parameters");
        Matcher names = NAME.matcher(operation.path());
        while (names.find()) {
            parameter(parameters, names.group(1), "path", true);
        }
        operation.parameters().forEach(name -> parameter(parameters, name, "query", false));
        if (operation.takesKey()) {
            parameters.addObject().put("$ref", "#/components/parameters/" + RequestKey.FIELD);
        }
        if (operation.takesBody()) {
            ObjectNode body = described.putObject("requestBody");
            body.put("required", true);
            ObjectNode content = body.putObject("content");
            if (operation.takesFile()) {
                content.putObject("text/csv").putObject("schema").put("type", "string");
                content.putObject("application/octet-stream")
                        .putObject("schema")
                        .put("type", "string");
            } else {
                schema(content.putObject("application/json").putObject("schema"), operation.request());
            }
        }
        ObjectNode responses = described.putObject("responses");
        ObjectNode done = responses.putObject(String.valueOf(operation.status()));
        done.put("description", "Done.");
        if (operation.answersFile()) {
            done.putObject("content")
                    .putObject(operation.answer().getFirst())
                    .putObject("schema")
                    .put("type", "string")
                    .put("format", "binary");
        } else if (!operation.answer().isEmpty()) {
            schema(done.putObject("content").putObject("application/json").putObject("schema"), operation.answer());
        }
        responses
                .putObject("default")
                .put("description", "Not done, and why.")
                .putObject("content")
                .putObject("application/problem+json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/Problem");
    }

    private static void parameter(ArrayNode parameters, String name, String in, boolean required) {
        parameters
                .addObject()
                .put("name", name)
                .put("in", in)
                .put("required", required)
                .putObject("schema")
                .put(
                        "type",
                        switch (name) {
                            case "limit" -> "integer";
                            case "dry-run", "activate", "force", "now" -> "boolean";
                            default -> "string";
                        });
    }

    /** Members are written {@code name}, {@code name?} when it may be absent, {@code name[]} for an array, {@code name#} for a number, {@code name!} for a truth, {@code name*} for a secret. */
    private static void schema(ObjectNode schema, List<String> members) {
        schema.put("type", "object");
        ArrayNode required = Json.object().arrayNode();
        ObjectNode properties = schema.putObject("properties");
        for (String member : members) {
            String name = member.replaceAll("[?#!*]|\\[]", "");
            ObjectNode property = properties.putObject(name);
            property.put(
                    "type",
                    member.contains("[]")
                            ? "array"
                            : member.contains("#") ? "integer" : member.contains("!") ? "boolean" : "string");
            if (member.contains("[]")) {
                property.putObject("items");
            }
            if (member.contains("*")) {
                property.put("description", "A secret: shown once.");
            }
            if (!member.contains("?")) {
                required.add(name);
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
    }
}
