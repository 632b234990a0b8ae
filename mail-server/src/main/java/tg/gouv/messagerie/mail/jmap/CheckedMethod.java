package tg.gouv.messagerie.mail.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import eu.timepit.refined.api.Refined;
import eu.timepit.refined.string.Uri;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.apache.james.jmap.core.Invocation;
import org.apache.james.jmap.method.InvocationWithContext;
import org.apache.james.jmap.method.Method;
import org.apache.james.mailbox.MailboxSession;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import scala.collection.immutable.Set;
import tg.gouv.messagerie.mail.Trouble;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;
import tg.gouv.messagerie.mail.postgres.StateCondition;

/*
 * What James 3.8.1 leaves out of RFC 8620 and 8621, done around his methods, on their arguments and answers:
 * - the announced numbers of objects hold (requestTooLarge);
 * - ifInState is compared with the state that .../get tells before the call, and again in the transaction of its first
 *   change, under the account's lock (StateCondition);
 * - errors have the types of the standards (JmapErrors);
 * - Email/query counts (calculateTotal), Mailbox/query filters and sorts (MailboxQuery), Mailbox/get says parentId: null and
 *   role: null, Email/import needs neither receivedAt nor keywords.
 */
/** A method of James, held to the standards. */
final class CheckedMethod implements Method {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedMethod.class);

    private static final String PREFIX = "JMAP-RFC8621-";

    /** James's own greatest page. */
    private static final int PAGE = 256;

    /** A total above so many pages is not told. */
    private static final int PAGES_MAX = 400;

    private final Method james;
    private final String name;
    private final Map<String, Method> all;
    private final PostgresMappers mappers;

    /**
     * A method.
     *
     * @param all by name
     */
    CheckedMethod(Method james, Map<String, Method> all, PostgresMappers mappers) {
        this.james = james;
        this.mappers = mappers;
        this.name = james.methodName().value();
        this.all = all;
    }

    @Override
    @SuppressWarnings("checkstyle:MethodName") // as Scala names what sets the constant of a trait
    public void org$apache$james$jmap$method$Method$_setter_$JMAP_RFC8621_PREFIX_$eq(String value) {
        // it is ours
    }

    @Override
    public String JMAP_RFC8621_PREFIX() {
        return PREFIX;
    }

    @Override
    public Invocation.MethodName methodName() {
        return james.methodName();
    }

    @Override
    public Set<Refined<String, Uri>> requiredCapabilities() {
        return james.requiredCapabilities();
    }

    @Override
    public Publisher<InvocationWithContext> process(
            Set<Refined<String, Uri>> capabilities, InvocationWithContext invocation, MailboxSession session) {
        JmapCall call = JmapCall.of(invocation);
        if (isTooLarge(call.arguments())) {
            return Mono.just(call.failed("requestTooLarge", "More objects than the session announces"));
        }
        return Flux.from(stateMismatch(capabilities, call, session))
                .switchIfEmpty(Flux.defer(() -> answerInState(capabilities, call, session)))
                .map(CheckedMethod::corrected)
                .onErrorResume(failure -> failed(call, failure));
    }

    /** RFC 8620 section 3.6.2: what the world does to one method ends that one, and is no failure of ours. */
    private static Publisher<InvocationWithContext> failed(JmapCall call, Throwable failure) {
        return switch (Trouble.of(failure)) {
            case FULL -> unavailable(call, "The server has no room left", failure);
            case AWAY -> unavailable(call, "Temporarily unavailable", failure);
            case DAMAGED ->
                Mono.just(call.failed("serverFail", "A message is damaged on the server; tell the administrator"));
            case OURS -> Mono.error(failure);
        };
    }

    private static Publisher<InvocationWithContext> unavailable(JmapCall call, String description, Throwable failure) {
        LOG.warn("event=jmap_unavailable method={} reason=\"{}\"", call.name(), failure.toString());
        return Mono.just(call.failed("serverUnavailable", description));
    }

    /** RFC 8620 sections 5.1 and 5.3. */
    private boolean isTooLarge(JsonNode arguments) {
        if (name.endsWith("/get")) {
            return arguments.path("ids").size() > JmapBounds.OBJECTS_IN_GET_MAX;
        }
        int objects = arguments.path("create").size()
                + arguments.path("update").size()
                + arguments.path("destroy").size()
                + (name.equals("Email/import") ? arguments.path("emails").size() : 0);
        return objects > JmapBounds.OBJECTS_IN_SET_MAX;
    }

    /** RFC 8620 section 5.3: the answer that the state is another, or nothing. */
    private Publisher<InvocationWithContext> stateMismatch(
            Set<Refined<String, Uri>> capabilities, JmapCall call, MailboxSession session) {
        JsonNode expected = call.arguments().path("ifInState");
        Method get = all.get(name.substring(0, name.indexOf('/') + 1) + "get");
        if (!expected.isTextual() || get == null || !(name.endsWith("/set") || name.equals("Email/import"))) {
            return Mono.empty();
        }
        ObjectNode arguments = JmapCall.object();
        arguments.set("accountId", call.arguments().path("accountId"));
        arguments.putArray("ids");
        return Flux.from(get.process(capabilities, call.with(get.methodName().value(), arguments), session))
                .next()
                .map(JmapCall::of)
                .filter(answer -> answer.arguments().path("state").isTextual()
                        && !answer.arguments().path("state").equals(expected))
                .map(_ -> mismatch(call));
    }

    /** RFC 8620 section 5.3: what changes, changes in that state or not at all. */
    private Flux<InvocationWithContext> answerInState(
            Set<Refined<String, Uri>> capabilities, JmapCall call, MailboxSession session) {
        JsonNode expected = call.arguments().path("ifInState");
        Optional<StateCondition.Kind> kind = switch (name) {
            case "Email/set", "Email/import" -> Optional.of(StateCondition.Kind.EMAILS);
            case "Mailbox/set" -> Optional.of(StateCondition.Kind.MAILBOXES);
            default -> Optional.empty();
        };
        Optional<StateCondition> condition = kind.filter(_ -> expected.isTextual())
                .flatMap(it -> mappers.inState(session.getUser(), it, expected.asText()));
        if (condition.isEmpty()) {
            return answer(capabilities, call, session);
        }
        condition.get().through(session);
        return answer(capabilities, call, session)
                .map(told -> condition.get().isBroken() ? mismatch(call) : told)
                .doFinally(_ -> StateCondition.none(session));
    }

    private static InvocationWithContext mismatch(JmapCall call) {
        return call.failed("stateMismatch", "The state is another than ifInState");
    }

    private Flux<InvocationWithContext> answer(
            Set<Refined<String, Uri>> capabilities, JmapCall call, MailboxSession session) {
        return switch (name) {
            case "Mailbox/query" -> queryMailboxes(capabilities, call, session);
            case "Mailbox/get" -> asked(capabilities, call, session).map(answer -> withNulls(call, answer));
            case "Email/query" ->
                asked(capabilities, call, session).concatMap(answer -> withTotal(capabilities, call, answer, session));
            case "Email/get" ->
                asked(capabilities, call, session)
                        .onErrorResume(
                                DamagedEmails::isDamage,
                                _ -> DamagedEmails.oneByOne(
                                        call, one -> Flux.from(james.process(capabilities, one, session))));
            case "Email/import" -> asked(capabilities, completed(call), session);
            default -> asked(capabilities, call, session);
        };
    }

    private Flux<InvocationWithContext> asked(
            Set<Refined<String, Uri>> capabilities, JmapCall call, MailboxSession session) {
        return Flux.from(james.process(capabilities, call.written(), session));
    }

    private Flux<InvocationWithContext> queryMailboxes(
            Set<Refined<String, Uri>> capabilities, JmapCall call, MailboxSession session) {
        Method get = all.get("Mailbox/get");
        if (get == null) {
            return asked(capabilities, call, session);
        }
        return Flux.from(get.process(
                        capabilities, call.with("Mailbox/get", MailboxQuery.needed(call.arguments())), session))
                .map(told -> {
                    JmapCall mailboxes = JmapCall.of(told);
                    if (mailboxes.name().equals("error")) {
                        return told;
                    }
                    try {
                        return call.with(
                                name,
                                new MailboxQuery(call.arguments())
                                        .answer(mailboxes.arguments().path("list")));
                    } catch (MailboxQuery.Unsupported e) {
                        return call.failed(e.type(), String.valueOf(e.getMessage()));
                    }
                });
    }

    /** RFC 8621 section 2: the parentId of a mailbox at the top, and the role of one without, are null, not absent. */
    private static InvocationWithContext withNulls(JmapCall call, InvocationWithContext told) {
        JmapCall answer = JmapCall.of(told);
        for (JsonNode mailbox : answer.arguments().path("list")) {
            for (String property : java.util.List.of("parentId", "role")) {
                if (!mailbox.has(property) && isAsked(call, property)) {
                    ((ObjectNode) mailbox).putNull(property);
                }
            }
        }
        return answer.written();
    }

    private static boolean isAsked(JmapCall call, String property) {
        JsonNode properties = call.arguments().path("properties");
        if (!properties.isArray()) {
            return true;
        }
        for (JsonNode each : properties) {
            if (each.asText().equals(property)) {
                return true;
            }
        }
        return false;
    }

    /** RFC 8620 section 5.5, calculateTotal: counted page by page, since James does not count. */
    private Publisher<InvocationWithContext> withTotal(
            Set<Refined<String, Uri>> capabilities, JmapCall call, InvocationWithContext told, MailboxSession session) {
        JmapCall answer = JmapCall.of(told);
        if (!call.arguments().path("calculateTotal").asBoolean()
                || answer.name().equals("error")) {
            return Mono.just(told);
        }
        return count(capabilities, call, 0, session)
                .map(total -> call.with(name, answer.arguments().put("total", total)))
                .defaultIfEmpty(told);
    }

    private Mono<Integer> count(
            Set<Refined<String, Uri>> capabilities, JmapCall call, int page, MailboxSession session) {
        ObjectNode arguments = call.arguments().deepCopy();
        arguments.remove(java.util.List.of("calculateTotal", "anchor", "anchorOffset"));
        arguments.put("position", page * PAGE).put("limit", PAGE);
        return Flux.from(james.process(capabilities, call.with(name, arguments), session))
                .next()
                .flatMap(told -> {
                    int found = JmapCall.of(told).arguments().path("ids").size();
                    if (found < PAGE) {
                        return Mono.just(page * PAGE + found);
                    }
                    return page == PAGES_MAX ? Mono.empty() : count(capabilities, call, page + 1, session);
                });
    }

    /** RFC 8621 section 4.8: keywords are none and receivedAt is now unless told. */
    private static JmapCall completed(JmapCall call) {
        ObjectNode arguments = call.arguments().deepCopy();
        for (JsonNode email : arguments.path("emails")) {
            if (email instanceof ObjectNode it) {
                if (!it.hasNonNull("receivedAt")) {
                    it.put(
                            "receivedAt",
                            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
                }
                if (!it.hasNonNull("keywords") || it.path("keywords").isEmpty()) {
                    it.putObject("keywords").put(ImportAsItIs.NONE, true);
                }
            }
        }
        return new JmapCall(call.whole(), arguments);
    }

    private static InvocationWithContext corrected(InvocationWithContext told) {
        JmapCall answer = JmapCall.of(told);
        if (answer.name().equals("error")) {
            JmapErrors.correctMethod(answer.arguments());
        } else if (answer.name().endsWith("/set") || answer.name().equals("Email/import")) {
            JmapErrors.correctSet(answer.name(), answer.arguments());
        } else {
            return told;
        }
        return answer.written();
    }
}
