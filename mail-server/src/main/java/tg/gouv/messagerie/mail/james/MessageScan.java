package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import org.apache.james.mailbox.AttachmentContentLoader;
import org.apache.james.mailbox.MailboxManager.MessageCapabilities;
import org.apache.james.mailbox.MailboxManager.SearchCapabilities;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.extractor.TextExtractor;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.SearchQuery;
import org.apache.james.mailbox.model.SearchQuery.Conjunction;
import org.apache.james.mailbox.model.SearchQuery.ConjunctionCriterion;
import org.apache.james.mailbox.model.SearchQuery.Criterion;
import org.apache.james.mailbox.model.SearchQuery.DateOperator;
import org.apache.james.mailbox.model.SearchQuery.DateResolution;
import org.apache.james.mailbox.model.SearchQuery.HeaderCriterion;
import org.apache.james.mailbox.model.SearchQuery.UidCriterion;
import org.apache.james.mailbox.model.SearchQuery.UidRange;
import org.apache.james.mailbox.store.ResultUtils;
import org.apache.james.mailbox.store.mail.MailboxMapper;
import org.apache.james.mailbox.store.mail.MailboxMapperFactory;
import org.apache.james.mailbox.store.mail.MessageMapper;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.MessageMapperFactory;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.apache.james.mailbox.store.search.MessageSearchIndex;
import org.apache.james.mailbox.store.search.MessageSearches;
import org.apache.james.mailbox.store.search.comparator.CombinedComparator;
import org.apache.james.mime4j.field.datetime.parser.DateTimeParser;
import org.apache.james.mime4j.field.datetime.parser.ParseException;
import org.apache.james.mime4j.field.datetime.parser.TokenMgrError;
import org.apache.james.util.ReactorUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/*
 * James's SimpleMessageSearchIndex 3.8.1 looks at the messages of the first UID set that it finds, though it is denied (NOT 2,4) or
 * one of two (OR 1 UID 3); of those it reads no header, so that a set with a SUBJECT finds nothing; it compares dates of headers at
 * Greenwich; and it keeps every message that it looked at until the end. Here a set bounds the search if every match is in it, what
 * the criteria need is read, and what does not match is let go.
 */
/** Searches by looking at each message. */
final class MessageScan implements MessageSearchIndex {
    private static final int UNLIMITED = -1;

    private final MessageMapperFactory messages;
    private final MailboxMapperFactory mailboxes;
    private final TextExtractor texts;
    private final AttachmentContentLoader attachments;

    @Inject
    MessageScan(
            MessageMapperFactory messages,
            MailboxMapperFactory mailboxes,
            TextExtractor texts,
            AttachmentContentLoader attachments) {
        this.messages = messages;
        this.mailboxes = mailboxes;
        this.texts = texts;
        this.attachments = attachments;
    }

    @Override
    public EnumSet<SearchCapabilities> getSupportedCapabilities(EnumSet<MessageCapabilities> messageCapabilities) {
        return EnumSet.of(
                SearchCapabilities.MultimailboxSearch,
                SearchCapabilities.Text,
                SearchCapabilities.Attachment,
                SearchCapabilities.PartialEmailMatch,
                SearchCapabilities.AttachmentFileName);
    }

    @Override
    public Flux<MessageUid> search(MailboxSession session, Mailbox mailbox, SearchQuery query) {
        return matches(session, Flux.just(mailbox), query).map(MailboxMessage::getUid);
    }

    @Override
    public Flux<MessageId> search(MailboxSession session, Collection<MailboxId> searched, SearchQuery query, long limit)
            throws MailboxException {
        MailboxMapper mapper = mailboxes.getMailboxMapper(session);
        Flux<Mailbox> all = Flux.fromIterable(searched).concatMap(mapper::findMailboxById);
        return matches(session, all, query)
                .map(MailboxMessage::getMessageId)
                .distinct()
                .take(limit);
    }

    private Flux<MailboxMessage> matches(MailboxSession session, Flux<Mailbox> searched, SearchQuery query) {
        Matching matching = new Matching(query, session);
        return searched.concatMap(
                        mailbox -> Mono.fromCallable(() -> matching.in(mailbox, messages.getMessageMapper(session)))
                                .subscribeOn(ReactorUtils.BLOCKING_CALL_WRAPPER)
                                .flatMapIterable(found -> found))
                .collectSortedList(CombinedComparator.create(query.getSorts()))
                .flatMapIterable(found -> found);
    }

    /** One search. */
    private final class Matching extends MessageSearches {
        private final SearchQuery query;

        Matching(SearchQuery query, MailboxSession session) {
            super(List.<MailboxMessage>of().iterator(), query, texts, attachments, session);
            this.query = query;
        }

        List<MailboxMessage> in(Mailbox mailbox, MessageMapper mapper) throws MailboxException {
            FetchType needed = query.getCriteria().stream()
                    .map(MessageScan::needed)
                    .reduce(sorted(query.getSorts()), MessageScan::more);
            Set<MessageUid> seen = new HashSet<>();
            List<MailboxMessage> found = new ArrayList<>();
            for (MessageRange range : bounds(query.getCriteria()).orElse(List.of(MessageRange.all()))) {
                Iterator<MailboxMessage> all = mapper.findInMailbox(mailbox, range, needed, UNLIMITED);
                while (all.hasNext()) {
                    MailboxMessage message = all.next();
                    if (matches(message) && seen.add(message.getUid())) {
                        found.add(message);
                    }
                }
            }
            return found;
        }

        private boolean matches(MailboxMessage message) throws MailboxException {
            for (Criterion criterion : query.getCriteria()) {
                if (!isMatch(criterion, message, query.getRecentMessageUids())) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean isMatch(Criterion criterion, MailboxMessage message, Collection<MessageUid> recent)
                throws MailboxException {
            if (criterion instanceof HeaderCriterion header
                    && header.getOperator() instanceof DateOperator date
                    && date.getDateResultion() == DateResolution.Day) {
                return isOn(header.getHeaderName(), date, message);
            }
            return super.isMatch(criterion, message, recent);
        }

        /** RFC 9051 section 6.4.4: the date as it is written there, whatever the time and the zone. */
        private static boolean isOn(String header, DateOperator wanted, MailboxMessage message)
                throws MailboxException {
            LocalDate day = LocalDate.ofInstant(wanted.getDate().toInstant(), ZoneOffset.UTC);
            return written(header, message)
                    .filter(there -> switch (wanted.getType()) {
                        case BEFORE -> there.isBefore(day);
                        case AFTER -> there.isAfter(day);
                        case ON -> there.equals(day);
                    })
                    .isPresent();
        }

        private static Optional<LocalDate> written(String name, MailboxMessage message) throws MailboxException {
            try {
                return ResultUtils.createHeaders(message).stream()
                        .filter(header -> header.getName().equalsIgnoreCase(name))
                        .findFirst()
                        .flatMap(header -> date(header.getValue()));
            } catch (IOException e) {
                throw new MailboxException("the header cannot be read", e);
            }
        }

        private static Optional<LocalDate> date(String value) {
            try {
                var read = new DateTimeParser(new StringReader(value.strip())).parseAll();
                return Optional.of(LocalDate.of(read.getYear(), read.getMonth(), read.getDay()));
            } catch (ParseException | TokenMgrError | DateTimeException _) {
                return Optional.empty();
            }
        }
    }

    /** The messages among which every match is, if the criteria name any. */
    private static Optional<List<MessageRange>> bounds(List<Criterion> all) {
        for (Criterion each : all) {
            Optional<List<MessageRange>> found = switch (each) {
                case UidCriterion uids -> Optional.of(ranges(uids.getOperator().getRange()));
                case ConjunctionCriterion both when both.getType() == Conjunction.AND -> bounds(both.getCriteria());
                default -> Optional.empty();
            };
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static List<MessageRange> ranges(UidRange[] uids) {
        List<MessageRange> ranges = new ArrayList<>();
        for (UidRange each : uids) {
            ranges.add(MessageRange.range(each.getLowValue(), each.getHighValue()));
        }
        return ranges;
    }

    private static FetchType needed(Criterion criterion) {
        return switch (criterion) {
            case ConjunctionCriterion several ->
                several.getCriteria().stream().map(MessageScan::needed).reduce(FetchType.METADATA, MessageScan::more);
            case SearchQuery.TextCriterion _ -> FetchType.FULL;
            case SearchQuery.AttachmentCriterion _ -> FetchType.ATTACHMENTS_METADATA;
            case HeaderCriterion _, SearchQuery.MimeMessageIDCriterion _, SearchQuery.SubjectCriterion _ ->
                FetchType.HEADERS;
            default -> FetchType.METADATA;
        };
    }

    private static FetchType sorted(List<SearchQuery.Sort> sorts) {
        return sorts.stream()
                .map(sort -> switch (sort.getSortClause()) {
                    case Arrival, Size, Uid, Id -> FetchType.METADATA;
                    case MailboxCc, MailboxFrom, MailboxTo, BaseSubject, SentDate -> FetchType.HEADERS;
                })
                .reduce(FetchType.METADATA, MessageScan::more);
    }

    private static FetchType more(FetchType one, FetchType other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
