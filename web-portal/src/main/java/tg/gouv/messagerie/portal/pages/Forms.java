package tg.gouv.messagerie.portal.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.UrlEncoded;
import tg.gouv.messagerie.platform.http.BoundedBody;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** Reads what browsers send: forms in bounded memory, files into a folder of the program's, from which they go with the request. */
public final class Forms {
    private static final ByteSize FORM_MAX = ByteSize.parse("256KB");
    private static final int FIELDS_MAX = 500;
    private static final long FIELD_IN_MEMORY = 64 << 10;

    private final Path files;
    private final ByteSize fileMax;

    /**
     * Forms whose files lie in a folder while they are worked on.
     *
     * @param files for the program's user alone; made if it is not there
     * @param fileMax how large a form with a file may be
     */
    public Forms(Path files, ByteSize fileMax) {
        this.files = files;
        this.fileMax = fileMax;
    }

    /** What stands behind the question mark; nothing if that is not UTF-8. */
    static Form query(Request request) {
        String query = request.getHttpURI().getQuery();
        try {
            return query == null ? Form.EMPTY : new Form(decoded(query), Map.of(), () -> {});
        } catch (PageRefused _) {
            return Form.EMPTY;
        }
    }

    /**
     * Reads a form.
     *
     * @throws PageRefused if it is none
     * @throws HttpException.RuntimeException if it is too large, or comes too slowly
     */
    Form read(Request request, boolean withFile) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        String kind = type == null
                ? ""
                : type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
        ByteSize most = withFile ? fileMax : FORM_MAX;
        if (request.getLength() > most.bytes()) {
            throw new HttpException.RuntimeException(413);
        }
        try {
            return switch (kind) {
                case "application/x-www-form-urlencoded" ->
                    new Form(decoded(Content.Source.asString(new BoundedBody(request, FORM_MAX))), Map.of(), () -> {});
                case "multipart/form-data" -> parts(request, String.valueOf(type), most);
                default -> throw new PageRefused(415, "refused.form");
            };
        } catch (IOException e) {
            throw e.getCause() instanceof HttpException.RuntimeException refused
                    ? refused
                    : new UncheckedIOException(e);
        }
    }

    private static Map<String, List<String>> decoded(String text) {
        Map<String, List<String>> fields = new HashMap<>();
        int[] count = new int[1];
        try {
            boolean whole = UrlEncoded.decodeUtf8To(text, 0, text.length(), (name, value) -> {
                if (++count[0] > FIELDS_MAX) {
                    throw new PageRefused(413, "refused.too-large");
                }
                fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(clean(value));
            });
            if (!whole) {
                throw new PageRefused(400, "refused.form");
            }
        } catch (IllegalArgumentException _) { // no UTF-8
            throw new PageRefused(400, "refused.form");
        }
        return fields;
    }

    /** RFC 7578. */
    private Form parts(Request request, String type, ByteSize most) throws IOException {
        Files.createDirectories(files);
        MultiPartFormData.Parser parser = new MultiPartFormData.Parser(MultiPart.extractBoundary(type));
        parser.setFilesDirectory(files);
        parser.setMaxParts(FIELDS_MAX);
        parser.setMaxLength(most.bytes());
        parser.setMaxFileSize(most.bytes());
        parser.setMaxMemoryFileSize(FIELD_IN_MEMORY);
        MultiPartFormData.Parts parts;
        try (Blocker.Promise<MultiPartFormData.Parts> parsed = Blocker.promise()) {
            parser.parse(new BoundedBody(request, most), parsed);
            parts = parsed.block();
        } catch (IOException e) {
            if (e.getCause() instanceof HttpException.RuntimeException refused) {
                throw refused;
            }
            throw new PageRefused(400, "refused.form");
        }
        Map<String, List<String>> fields = new HashMap<>();
        Map<String, Form.Upload> uploads = new HashMap<>();
        for (MultiPart.Part part : parts) {
            String name = part.getName();
            if (part.getFileName() != null) {
                uploads.put(
                        name,
                        new Form.Upload(
                                part.getFileName(),
                                part.getLength(),
                                () -> Content.Source.asInputStream(part.createContentSource())));
            } else {
                fields.computeIfAbsent(name, _ -> new ArrayList<>())
                        .add(clean(part.getContentAsString(StandardCharsets.UTF_8)));
            }
        }
        return new Form(fields, uploads, parts::close);
    }

    /** A NUL is in no text that somebody typed, and PostgreSQL takes none. */
    private static String clean(String value) {
        if (value.indexOf('\0') >= 0) {
            throw new PageRefused(400, "refused.form");
        }
        return value;
    }
}
