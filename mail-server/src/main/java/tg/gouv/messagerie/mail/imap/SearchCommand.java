package tg.gouv.messagerie.mail.imap;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import javax.inject.Inject;
import org.apache.james.imap.api.message.request.SearchResultOption;
import org.apache.james.imap.api.message.response.ImapResponseMessage;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.api.process.SelectedMailbox;
import org.apache.james.imap.message.request.SearchRequest;
import org.apache.james.imap.message.response.ESearchResponse;
import org.apache.james.imap.processor.SearchProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.model.ComposedMessageIdWithMetaData;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.metrics.api.MetricFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SEARCH as James does it, but for the MODSEQ of who asks for the first or the last alone (RFC 4731 section 3.2). */
public final class SearchCommand extends SearchProcessor {
    private static final EnumSet<SearchResultOption> ENDS =
            EnumSet.of(SearchResultOption.MIN, SearchResultOption.MAX, SearchResultOption.SAVE);

    /** SEARCH over these mailboxes. */
    @Inject
    public SearchCommand(MailboxManager mailboxes, StatusResponseFactory responses, MetricFactory metrics) {
        super(mailboxes, responses, metrics);
    }

    @Override
    protected Mono<Void> processRequestReactive(SearchRequest request, ImapSession session, Responder responder) {
        List<SearchResultOption> wanted = request.getSearchOperation().getResultOptions();
        if (wanted.isEmpty() || !ENDS.containsAll(wanted)) {
            return super.processRequestReactive(request, session, responder);
        }
        Held held = new Held(responder);
        return super.processRequestReactive(request, session, held)
                .then(Mono.defer(() -> held.found == null ? Mono.empty() : ofItsEnds(held.found, session)))
                .doOnNext(responder::respond)
                .then(Mono.fromRunnable(() -> held.rest.forEach(responder::respond)));
    }

    private static Mono<ESearchResponse> ofItsEnds(ESearchResponse found, ImapSession session) {
        SelectedMailbox selected = session.getSelected();
        return Flux.fromStream(ends(found).boxed())
                .mapNotNull(id -> found.getUseUid()
                        ? MessageUid.of(id)
                        : selected.uid(id.intValue()).orElse(null))
                .concatMap(uid -> selected.getMessageManager()
                        .listMessagesMetadata(MessageRange.one(uid), session.getMailboxSession()))
                .map(ComposedMessageIdWithMetaData::getModSeq)
                .reduce((one, other) -> one.compareTo(other) > 0 ? one : other)
                .defaultIfEmpty(found.getHighestModSeq())
                .map(modSeq -> new ESearchResponse(
                        found.getMinUid(),
                        found.getMaxUid(),
                        found.getCount(),
                        found.getAll(),
                        modSeq,
                        found.getTag(),
                        found.getUseUid(),
                        found.getSearchResultOptions()));
    }

    private static LongStream ends(ESearchResponse found) {
        List<SearchResultOption> wanted = found.getSearchResultOptions();
        return LongStream.concat(
                        wanted.contains(SearchResultOption.MIN) ? LongStream.of(found.getMinUid()) : LongStream.empty(),
                        wanted.contains(SearchResultOption.MAX) ? LongStream.of(found.getMaxUid()) : LongStream.empty())
                .filter(id -> id > 0);
    }

    /** Keeps the result that has a MODSEQ, and what comes behind it. */
    private static final class Held implements Responder {
        private final Responder client;
        private final List<ImapResponseMessage> rest = new ArrayList<>();
        private @Nullable ESearchResponse found;

        Held(Responder client) {
            this.client = client;
        }

        @Override
        public void respond(ImapResponseMessage message) {
            if (found != null) {
                rest.add(message);
            } else if (message instanceof ESearchResponse result && result.getHighestModSeq() != null) {
                found = result;
            } else {
                client.respond(message);
            }
        }

        @Override
        public void flush() {
            client.flush();
        }
    }
}
