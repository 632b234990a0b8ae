package tg.gouv.messagerie.directory.admin;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something the API does: a method and a path, and what a description of it says (OpenAPI 3.1).
 *
 * @param path a template such as {@code /people/{address}}, below {@code /api/v1}
 * @param needs a word for who may: a right, {@code token}, or {@code nothing}
 * @param parameters of the query
 * @param request the members of the request's object; empty without one, {@link #CSV} alone for a file. A name that ends in {@code ?} may be
 *     absent
 * @param status when it is done
 * @param answer the members of the answer's object, or {@link #CSV} or {@link #ZIP} alone; a name that ends in {@code *} is of a secret
 */
record Operation(
        String method,
        String path,
        String id,
        String summary,
        String needs,
        List<String> parameters,
        List<String> request,
        int status,
        List<String> answer,
        Doing doing) {
    /** In the place of members: a file. */
    static final String CSV = "text/csv";

    static final String ZIP = "application/zip";

    Operation {
        parameters = List.copyOf(parameters);
        request = List.copyOf(request);
        answer = List.copyOf(answer);
    }

    /** Does it. */
    @FunctionalInterface
    interface Doing {
        Answer answer(Call call);
    }

    /** The names of the template and what stands for them, if the path is of this template. */
    Optional<Map<String, String>> match(String asked) {
        List<String> template = Arrays.asList(path.split("/", -1));
        List<String> segments = Arrays.asList(asked.split("/", -1));
        if (template.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> found = new HashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String each = template.get(i);
            if (each.startsWith("{")) {
                found.put(each.substring(1, each.length() - 1), segments.get(i));
            } else if (!each.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }

    /**
     * Whether a client may give the request a key, so that it is done once: what only reads, or is not somebody's, needs none. Nor does
     * the import of a file, which is many transactions: that it was begun, or undone, can be read, and it is not done twice.
     */
    boolean takesKey() {
        return !method.equals("GET") && !needs.equals("nothing") && !isImport();
    }

    private boolean isImport() {
        return path.startsWith("/import");
    }

    /** Whether the answer carries a secret, which is shown once. */
    boolean answersSecret() {
        return answer.stream().anyMatch(member -> member.contains("*"));
    }

    boolean takesBody() {
        return !request.isEmpty();
    }

    boolean answersFile() {
        return answer.equals(List.of(CSV)) || answer.equals(List.of(ZIP));
    }

    boolean takesFile() {
        return request.equals(List.of(CSV));
    }
}
