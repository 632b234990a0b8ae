package tg.gouv.messagerie.mail.jmap;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.james.jmap.Endpoint;
import org.apache.james.jmap.JMAPRoute;
import org.apache.james.jmap.JMAPRoutes;
import org.apache.james.jmap.api.model.UploadNotFoundException;
import org.apache.james.jmap.core.AccountId;
import org.apache.james.jmap.core.SessionTranslator;
import org.apache.james.jmap.exceptions.UnauthorizedException;
import org.apache.james.jmap.http.Authenticator;
import org.apache.james.jmap.http.rfc8621.InjectionKeys;
import org.apache.james.jmap.mail.BlobId;
import org.apache.james.jmap.method.AccountNotFoundException;
import org.apache.james.jmap.routes.Blob;
import org.apache.james.jmap.routes.BlobNotFoundException;
import org.apache.james.jmap.routes.BlobResolvers;
import org.apache.james.jmap.routes.ForbiddenException;
import org.apache.james.jmap.routes.TooBigUploadException;
import org.apache.james.jmap.routes.UploadRoutes;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.model.ContentType;
import org.apache.james.mime4j.codec.EncoderUtil;
import org.apache.james.util.ReactorUtils;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/*
 * In the place of James's routes, which answer 500 with a text from inside whatever the world does: a client that hears 503 tries
 * again, one that hears 500 gives up.
 */
/** Bytes that clients bring and fetch (RFC 8620 section 6). */
public final class JmapBytes implements JMAPRoutes {
    private static final int CHUNK_BYTES = 16 * 1024;

    private final Authenticator authenticator;
    private final UploadRoutes uploads;
    private final BlobResolvers blobs;
    private final SessionTranslator sessions;

    /** What James keeps and finds. */
    @Inject
    public JmapBytes(
            @Named(InjectionKeys.RFC_8621) Authenticator authenticator,
            UploadRoutes uploads,
            BlobResolvers blobs,
            SessionTranslator sessions) {
        this.authenticator = authenticator;
        this.uploads = uploads;
        this.blobs = blobs;
        this.sessions = sessions;
    }

    @Override
    public Stream<JMAPRoute> routes() {
        return Stream.of(
                JMAPRoute.builder()
                        .endpoint(new Endpoint(HttpMethod.POST, "/upload/{accountId}"))
                        .action(this::upload)
                        .noCorsHeaders(),
                JMAPRoute.builder()
                        .endpoint(new Endpoint(HttpMethod.GET, "/download/{accountId}/{blobId}"))
                        .action(this::download)
                        .noCorsHeaders());
    }

    private Mono<Void> upload(HttpServerRequest request, HttpServerResponse response) {
        return authenticator
                .authenticate(request)
                .flatMap(session -> Mono.from(uploads.post(
                        request,
                        response,
                        ContentType.of(request.requestHeaders().get("Content-Type")),
                        session)))
                .onErrorResume(failure -> problem(failure).send(response, failure))
                .subscribeOn(ReactorUtils.BLOCKING_CALL_WRAPPER);
    }

    private Mono<Void> download(HttpServerRequest request, HttpServerResponse response) {
        return authenticator
                .authenticate(request)
                .flatMap(session -> account(request, session))
                .flatMap(session -> blob(request, session))
                .flatMap(blob -> send(blob, new QueryStringDecoder(request.uri()), response))
                .onErrorResume(failure -> problem(failure).send(response, failure))
                .subscribeOn(ReactorUtils.BLOCKING_CALL_WRAPPER);
    }

    private Mono<MailboxSession> account(HttpServerRequest request, MailboxSession session) {
        String account = Objects.requireNonNull(request.param("accountId"));
        return Mono.from(sessions.delegateIfNeeded(session, new AccountId(account)));
    }

    private Mono<Blob> blob(HttpServerRequest request, MailboxSession session) {
        return Mono.fromCallable(() -> BlobId.of(request.param("blobId")).get())
                .flatMap(id -> Mono.from(blobs.resolve(id, session)));
    }

    private static Mono<Void> send(Blob blob, QueryStringDecoder query, HttpServerResponse response) {
        return Mono.using(() -> opened(blob), content -> send(content, blob, query, response), JmapBytes::close);
    }

    /** Opened, and so checked, before anything is answered. */
    private static InputStream opened(Blob blob) {
        return blob.content();
    }

    private static Mono<Void> send(
            InputStream content, Blob blob, QueryStringDecoder query, HttpServerResponse response) {
        parameter(query, "name").ifPresent(name -> response.header("Content-Disposition", disposition(name)));
        scala.util.Try<?> size = blob.size();
        if (size.isSuccess()) {
            response.header("Content-Length", String.valueOf((Object) size.get()));
        }
        String type =
                parameter(query, "type").orElseGet(() -> blob.contentType().asString());
        return response.header(
                        "Content-Type",
                        HttpHeaderValidationUtil.validateValidHeaderValue(type) < 0 ? type : "application/octet-stream")
                .status(200)
                .send(ReactorUtils.toChunks(content, CHUNK_BYTES)
                        .map(Unpooled::wrappedBuffer)
                        .subscribeOn(Schedulers.boundedElastic()))
                .then();
    }

    private static Optional<String> parameter(QueryStringDecoder query, String name) {
        return query.parameters().getOrDefault(name, List.of()).stream().findFirst();
    }

    private static String disposition(String name) {
        return name.chars().allMatch(c -> c < 128)
                ? "attachment; filename=\"" + name + "\""
                : "attachment; filename*=\"" + EncoderUtil.encodeEncodedWord(name, EncoderUtil.Usage.TEXT_TOKEN) + "\"";
    }

    private static void close(InputStream content) {
        try {
            content.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JmapProblem problem(Throwable failure) {
        return switch (failure) {
            case UnauthorizedException _ -> JmapProblem.of(401, "about:blank", "Not signed in");
            case ForbiddenException _ -> JmapProblem.of(403, "about:blank", "Not in the account of another");
            case AccountNotFoundException _ -> JmapProblem.of(403, "about:blank", "Not in the account of another");
            case TooBigUploadException _ ->
                JmapProblem.of(400, "urn:ietf:params:jmap:error:limit", "More than the session announces")
                        .with("limit", "maxSizeUpload"); // RFC 8620 section 3.6.1
            case BlobNotFoundException _ -> JmapProblem.of(404, "about:blank", "There is no such blob");
            case UploadNotFoundException _ -> JmapProblem.of(404, "about:blank", "There is no such blob");
            default -> JmapProblem.of(failure);
        };
    }
}
