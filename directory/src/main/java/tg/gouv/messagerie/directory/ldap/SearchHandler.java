package tg.gouv.messagerie.directory.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.directory.api.ldap.model.entry.Entry;
import org.apache.directory.api.ldap.model.message.LdapResult;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.message.SearchRequest;
import org.apache.directory.api.ldap.model.message.SearchResultDone;
import org.apache.directory.api.ldap.model.message.SearchResultEntry;
import org.apache.directory.api.ldap.model.message.SearchResultEntryImpl;
import org.apache.directory.api.ldap.model.message.SearchScope;
import org.apache.directory.api.ldap.model.message.controls.PagedResults;
import org.apache.directory.api.ldap.model.name.Dn;
import org.apache.directory.api.ldap.model.schema.AttributeType;
import org.apache.directory.api.ldap.model.schema.SchemaManager;
import org.apache.directory.server.ldap.LdapSession;
import org.apache.directory.server.ldap.handlers.LdapRequestHandler;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.future.WriteFuture;
import org.apache.mina.core.session.IoSession;
import tg.gouv.messagerie.directory.ldap.Client.Who;
import tg.gouv.messagerie.directory.ldap.Kinds.Kind;

/*
 * A search does not pass through ApacheDS's interceptors and cursors: it reads rows by batches in the order of their ids and sends
 * those that match. A page ends with the id it came to, in the cookie; so nothing is kept between two pages, on this node or any.
 */
/** Searches (RFC 4511 section 4.5), by pages if asked for (RFC 2696). */
final class SearchHandler extends LdapRequestHandler<SearchRequest> {
    private static final int BATCH_FIRST = 100;
    private static final int BATCH = 1_000;

    /** Small entries are sent together. */
    private static final int TOGETHER_BYTES = 1 << 15;

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int OCTETS = 0x04;
    private static final int ENUMERATED = 0x0a;
    private static final int SEARCH_RESULT_ENTRY = 0x64;
    private static final int SEARCH_RESULT_DONE = 0x65;
    private static final int CONTROLS = 0xa0;

    /** As much as may wait for a client that reads slowly. */
    private static final long WAITING_BYTES_MAX = 1 << 20;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Tree tree;
    private final SchemaManager schema;
    private final LdapSettings settings;
    private final RootEntries roots;
    private final Kinds kinds;

    SearchHandler(Tree tree, SchemaManager schema, LdapSettings settings, RootEntries roots) {
        this.tree = tree;
        this.schema = schema;
        this.settings = settings;
        this.roots = roots;
        this.kinds = new Kinds(schema);
    }

    /** A time as LDAP writes it (RFC 4517 section 3.3.13). */
    static String time(Instant at) {
        return TIME.format(at);
    }

    @Override
    public void handle(LdapSession session, SearchRequest request) {
        SearchResultDone done = (SearchResultDone) request.getResultResponse();
        Search search = new Search(session.getIoSession(), request);
        Answers.of(done, search::run);
        search.end(done.getLdapResult()); // after what was found before a bound was met
    }

    private final class Search {
        private final IoSession session;
        private final SearchRequest request;
        private final Wanted wanted;
        private final long deadline;
        private final Map<String, Boolean> wantedTypes = new HashMap<>();
        private final EntryBytes entry = new EntryBytes();
        private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
        private int sent;

        /** The cookie of the next page, if pages were asked for. */
        private Optional<byte[]> next = Optional.empty();

        Search(IoSession session, SearchRequest request) {
            this.session = session;
            this.request = request;
            this.wanted = Wanted.of(request, schema);
            long seconds = settings.searchTimeMax().toSeconds();
            long asked = request.getTimeLimit() > 0 ? Math.min(request.getTimeLimit(), seconds) : seconds;
            this.deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(asked);
        }

        void run() throws Exception {
            Answers.demandKnown(request);
            Dn name = request.getBase();
            Client client = new Client(session);
            if (name.isEmpty() && request.getScope() == SearchScope.OBJECT) {
                send(roots.rootDse(wanted, client.isEncrypted())); // RFC 4512 section 5.1: for everybody
                return;
            }
            Who who = client.demandWho();
            if (roots.isSubschema(name)) {
                send(roots.subschema(wanted));
                return;
            }
            FilterPlan plan = new FilterPlan(request.getFilter(), schema, tree.base(), tree.indexed(), who.sight());
            Row from = tree.at(name).orElseThrow(() -> tree.noSuchEntry(name));
            if (request.getScope() == SearchScope.OBJECT) {
                if (plan.accepts(from)) {
                    show(from, who);
                }
                return;
            }
            if (plan.candidates().isEmpty() && !who.administrator()) {
                int most = settings.unindexedEntriesMax();
                if (tree.count(from, request.getScope(), most + 1) > most) {
                    throw new Refusal(
                            ResultCodeEnum.UNWILLING_TO_PERFORM,
                            "no index narrows this search: ask for a name, an address or another indexed attribute, or below a smaller"
                                    + " entry");
                }
            }
            PagedResults paged = (PagedResults) request.getControls().get(PagedResults.OID);
            if (paged == null) {
                all(plan, from, who);
            } else {
                page(plan, from, who, paged);
            }
        }

        private void all(FilterPlan plan, Row from, Who who) throws Exception {
            long most = who.administrator() ? Long.MAX_VALUE : settings.entriesMax();
            if (request.getSizeLimit() > 0) {
                most = Math.min(most, request.getSizeLimit());
            }
            if (read(plan, from, who, new Cookie(0, 0), most) != 0) {
                throw new Refusal(ResultCodeEnum.SIZE_LIMIT_EXCEEDED, "there are more; ask for pages, or for less");
            }
        }

        private void page(FilterPlan plan, Row from, Who who, PagedResults paged) throws Exception {
            Cookie begun = Cookie.read(paged.getCookie());
            next = Optional.of(new byte[0]);
            if (paged.getSize() == 0) {
                return; // RFC 2696 section 3: the client gives up
            }
            long most = Math.min(paged.getSize(), settings.entriesMax());
            long allowed =
                    request.getSizeLimit() > 0 ? Math.max(0, request.getSizeLimit() - begun.sent()) : Long.MAX_VALUE;
            long last = read(plan, from, who, begun, Math.min(most, allowed));
            if (last != 0 && allowed <= most) {
                throw new Refusal(ResultCodeEnum.SIZE_LIMIT_EXCEEDED, "there are more than were asked for");
            }
            if (last != 0) {
                next = Optional.of(new Cookie(last, begun.sent() + sent).bytes());
            }
        }

        /** Sends at most so many entries; returns the id of the last one sent if there are more, else 0. */
        private long read(FilterPlan plan, Row from, Who who, Cookie begun, long most) throws Exception {
            long after = begun.last();
            long last = begun.last();
            int batch = BATCH_FIRST;
            while (true) {
                List<Row> rows = tree.next(from, request.getScope(), plan.candidates(), after, batch);
                for (Row row : rows) {
                    after = row.id();
                    if (Tree.isWithin(row, from, request.getScope()) && plan.accepts(row)) {
                        if (sent >= most) {
                            return last == 0 ? -1 : last;
                        }
                        show(row, who);
                        last = row.id();
                    }
                }
                if (rows.size() < batch) {
                    return 0;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new Refusal(ResultCodeEnum.TIME_LIMIT_EXCEEDED, "the search took too long");
                }
                if (session.isClosing() || request.isAbandoned()) {
                    throw new Refusal(ResultCodeEnum.CANCELED, "abandoned");
                }
                batch = BATCH;
            }
        }

        /** Puts an entry among those to send, as who searches sees it. */
        private void show(Row row, Who who) throws SQLException, Refusal {
            String name = tree.base().absolute(row.dn());
            entry.clear();
            int whole = entry.mark();
            int attributes = entry.mark();
            operational(row, name);
            for (var each : row.attributes().entrySet()) {
                Optional<Kind> kind = kinds.of(each.getKey());
                if (kind.isPresent()
                        && isWanted(kind.get().type())
                        && who.sight().isShown(kind.get().type().getName(), row)) {
                    put(kind.get(), each.getValue());
                }
            }
            entry.enclose(SEQUENCE, attributes);
            entry.element(OCTETS, name.getBytes(UTF_8));
            entry.enclose(SEARCH_RESULT_ENTRY, whole);
            entry.integer(request.getMessageId());
            entry.enclose(SEQUENCE, whole);
            sent++;
            byte[] message = entry.taken();
            waiting.writeBytes(message);
            if (waiting.size() >= TOGETHER_BYTES) {
                flush();
            }
        }

        private boolean isWanted(AttributeType type) {
            return wanted.everyUser() || wantedTypes.computeIfAbsent(type.getName(), _ -> wanted.user(type));
        }

        private void put(Kind kind, List<String> values) {
            int whole = entry.mark();
            if (!wanted.typesOnly()) {
                for (int i = values.size() - 1; i >= 0; i--) {
                    String value = values.get(i);
                    entry.element(
                            OCTETS,
                            !kind.text()
                                    ? Base64.getDecoder().decode(value)
                                    : (kind.name() ? tree.base().shown(value) : value).getBytes(UTF_8));
                }
            }
            entry.enclose(SET, whole);
            entry.element(OCTETS, kind.id().getBytes(UTF_8));
            entry.enclose(SEQUENCE, whole);
        }

        private void operational(Row row, String name) throws SQLException {
            add("entryUUID", row.uuid().toString());
            add("createTimestamp", row.created());
            add("modifyTimestamp", row.changed());
            add("subschemaSubentry", RootEntries.SUBSCHEMA);
            add("entryDN", name);
            if (wanted.named("hasSubordinates")) {
                add("hasSubordinates", tree.hasChildren(row.id()) ? "TRUE" : "FALSE");
            }
        }

        private void add(String id, Instant time) {
            if (wanted.operational(id)) {
                add(id, time(time));
            }
        }

        private void add(String id, String value) {
            if (wanted.operational(id)) {
                kinds.of(id).ifPresent(kind -> put(kind, List.of(value)));
            }
        }

        private void send(Entry root) throws Refusal {
            SearchResultEntry answer = new SearchResultEntryImpl(request.getMessageId());
            answer.setEntry(root);
            answer.setObjectName(root.getDn());
            session.write(answer);
            sent++;
        }

        /** Says how the search ended (RFC 4511 section 4.5.2), together with what waits to be sent. */
        void end(LdapResult result) {
            entry.clear();
            int whole = entry.mark();
            if (next.isPresent()) { // RFC 2696 section 2
                entry.element(OCTETS, next.get());
                entry.integer(0);
                entry.enclose(SEQUENCE, whole);
                entry.enclose(OCTETS, whole);
                entry.element(OCTETS, PagedResults.OID.getBytes(UTF_8));
                entry.enclose(SEQUENCE, whole);
                entry.enclose(CONTROLS, whole);
            }
            int body = entry.mark();
            String sentence = result.getDiagnosticMessage();
            Dn matched = result.getMatchedDn();
            entry.element(OCTETS, (sentence == null ? "" : sentence).getBytes(UTF_8));
            entry.element(OCTETS, (matched == null ? "" : matched.getName()).getBytes(UTF_8));
            entry.element(ENUMERATED, new byte[] {(byte) result.getResultCode().getValue()});
            entry.enclose(SEARCH_RESULT_DONE, body);
            entry.integer(request.getMessageId());
            entry.enclose(SEQUENCE, whole);
            waiting.writeBytes(entry.taken());
            session.write(IoBuffer.wrap(waiting.toByteArray()));
        }

        /** Sends what waits to be sent; a client that does not read is not waited for long. */
        private void flush() throws Refusal {
            WriteFuture written = session.write(IoBuffer.wrap(waiting.toByteArray()));
            waiting.reset();
            if (session.getScheduledWriteBytes() > WAITING_BYTES_MAX
                    && !written.awaitUninterruptibly(settings.patience().toMillis())) {
                session.closeNow();
                throw new Refusal(ResultCodeEnum.CANCELED, "the client does not read");
            }
        }
    }

    /** Where a page ended: the last entry that was sent, and how many were. */
    private record Cookie(long last, int sent) {
        private static final int BYTES = Long.BYTES + Integer.BYTES;

        static Cookie read(byte[] bytes) throws Refusal {
            if (bytes == null || bytes.length == 0) {
                return new Cookie(0, 0);
            }
            if (bytes.length != BYTES) {
                throw new Refusal(ResultCodeEnum.UNWILLING_TO_PERFORM, "this cookie is of no search of this server");
            }
            ByteBuffer from = ByteBuffer.wrap(bytes);
            return new Cookie(Math.max(0, from.getLong()), Math.max(0, from.getInt()));
        }

        byte[] bytes() {
            return ByteBuffer.allocate(BYTES).putLong(last).putInt(sent).array();
        }
    }
}
