package tg.gouv.messagerie.mail.imap;

import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.mail.Flags;
import org.apache.james.events.EventListener;
import org.apache.james.imap.api.ImapConstants;
import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.api.message.Capability;
import org.apache.james.imap.api.message.IdRange;
import org.apache.james.imap.api.message.UidRange;
import org.apache.james.imap.api.message.response.ImapResponseMessage;
import org.apache.james.imap.api.message.response.StatusResponse;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.api.process.SelectedMailbox;
import org.apache.james.imap.message.response.ExistsResponse;
import org.apache.james.imap.message.response.ExpungeResponse;
import org.apache.james.imap.message.response.FetchResponse;
import org.apache.james.imap.message.response.FlagsResponse;
import org.apache.james.imap.message.response.ImmutableStatusResponse;
import org.apache.james.imap.message.response.RecentResponse;
import org.apache.james.imap.message.response.VanishedResponse;
import org.apache.james.imap.processor.EnableProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.MessageSequenceNumber;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.NullableMessageSequenceNumber;
import org.apache.james.mailbox.exception.MessageRangeException;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageRange;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.postgres.OpenedMailboxes;
import tg.gouv.messagerie.mail.postgres.OpenedMailboxes.Changed;
import tg.gouv.messagerie.mail.postgres.OpenedMailboxes.Look;
import tg.gouv.messagerie.mail.postgres.OpenedMailboxes.Opened;
import tg.gouv.messagerie.mail.postgres.OwnChanges;
import tg.gouv.messagerie.mail.rights.KnownMessages;

/*
 * James's SelectedMailboxImpl fills its map of sequence numbers from the events it hears: after one that is lost, or came from another
 * node, « 3 » means another message to the client than to us. Here nothing is heard. What changed is read out of PostgreSQL, all
 * that has a MODSEQ above the one that was seen, in one snapshot; then the client is told; and only by telling does the map change.
 *
 * James's commands ask what changed and tell it in the middle of their work. They are answered « nothing »: the one place
 * that tells is CommandBoundary, and IdleCommand between commands.
 */
/** What a session was told about the mailbox that it selected. */
final class ToldMailbox implements SelectedMailbox {
    private final OpenedMailboxes rows;
    private final MailboxManager mailboxes;
    private final MessageManager messages;
    private final ImapSession session;
    private final MailboxSession user;
    private final boolean readOnly;
    private final OwnChanges own = new OwnChanges();

    private final ToldUids told;
    private final Set<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    /** Which messages are recent for this session; they may include some that the client was not told of yet. */
    private final Set<Long> recent = new TreeSet<>();

    /** What went, while EXPUNGE must not be sent (RFC 9051 section 7.5.1). */
    private final Set<Long> gone = new TreeSet<>();

    private long seen;
    private long lastUid;
    private int recentTold;

    /** A mailbox as it was opened; all of that is about to be told. */
    ToldMailbox(
            OpenedMailboxes rows,
            MailboxManager mailboxes,
            MessageManager messages,
            ImapSession session,
            Opened opened,
            boolean readOnly) {
        this.rows = rows;
        this.mailboxes = mailboxes;
        this.messages = messages;
        this.session = session;
        this.user = session.getMailboxSession();
        this.readOnly = readOnly;
        this.told = new ToldUids(opened.uids());
        this.keywords.addAll(opened.keywords());
        LongStream.of(opened.recent()).forEach(recent::add);
        this.seen = opened.highestModSeq();
        this.lastUid = opened.lastUid();
        this.recentTold = opened.recent().length;
        own.through(user);
        KnownMessages known = (mailbox, uid) -> !mailbox.equals(messages.getId()) || isTold(uid);
        known.through(user);
    }

    // What changed

    /**
     * What was read of the mailbox, to be told.
     *
     * @param since the MODSEQ from which on
     * @param look empty if the mailbox is gone
     */
    record Glance(long since, Optional<Look> look) {}

    /** Looks into the store; nothing that the client knows changes by that. */
    Mono<Glance> glance() {
        long since = seen();
        return rows.look(getMailboxId(), since).flatMap(look -> claimed(look).thenReturn(new Glance(since, look)));
    }

    synchronized long seen() {
        return seen;
    }

    /** RFC 3501 section 2.3.2: a message is recent for one session, the first that is told of it. */
    private Mono<Void> claimed(Optional<Look> look) {
        if (readOnly || look.isEmpty() || !look.get().someRecent()) {
            return Mono.empty();
        }
        return rows.claimRecent(getMailboxId()).doOnNext(this::addAllRecent).then();
    }

    private synchronized void addAllRecent(long[] uids) {
        LongStream.of(uids).forEach(recent::add);
    }

    /**
     * What the client is told now, which it knows from then on.
     *
     * @param glance the last one; an older one says nothing
     * @param mayExpunge whether numbers may change now
     * @return empty if the mailbox is gone, and the session with it
     */
    synchronized Optional<List<ImapResponseMessage>> tell(Glance glance, boolean mayExpunge) {
        if (glance.look().isEmpty()) {
            return Optional.empty();
        }
        List<ImapResponseMessage> all = new ArrayList<>();
        if (glance.since() != seen) {
            return Optional.of(all);
        }
        Look look = glance.look().get();
        look.changed().forEach(each -> all.addAll(announced(each.flags())));
        List<Changed> flagged = look.changed().stream()
                .filter(each -> told.contains(each.uid()) && !gone.contains(each.uid()))
                .filter(each -> !own.explain(mailboxNumber(), each.uid(), seen, each.modSeq()))
                .toList();
        look.expunged().stream().filter(told::contains).forEach(gone::add);
        if (mayExpunge) {
            all.addAll(expunged());
        }
        int before = told.size();
        look.changed().stream().filter(each -> each.uid() > lastUid).forEach(each -> told.add(each.uid()));
        if (told.size() > before) {
            all.add(new ExistsResponse(told.size()));
        }
        if (told.size() > before || recentCount() != recentTold) {
            recentTold = recentCount();
            all.add(new RecentResponse(recentTold));
        }
        flagged.stream().map(this::fetch).forEach(all::add);
        seen = look.highestModSeq();
        lastUid = look.lastUid();
        own.looked();
        return Optional.of(all);
    }

    private long mailboxNumber() {
        return Long.parseLong(getMailboxId().serialize());
    }

    private List<ImapResponseMessage> expunged() {
        if (gone.isEmpty()) {
            return List.of();
        }
        long[] uids = gone.stream().mapToLong(Long::longValue).toArray();
        List<ImapResponseMessage> all = new ArrayList<>();
        if (isEnabled(ImapConstants.SUPPORTS_QRESYNC)) {
            all.add(new VanishedResponse(Uids.ranges(uids), false)); // RFC 7162 section 3.2.10
        } else {
            for (int i = uids.length - 1; i >= 0; i--) { // from the end, so that each number is what it was
                all.add(new ExpungeResponse(NullableMessageSequenceNumber.of(told.number(uids[i]))));
            }
        }
        told.removeAll(new ToldUids(uids));
        recent.removeAll(gone);
        gone.clear();
        return all;
    }

    private FetchResponse fetch(Changed changed) {
        Flags flags = new Flags(changed.flags());
        if (recent.contains(changed.uid())) {
            flags.add(Flags.Flag.RECENT);
        }
        boolean modSeq = isEnabled(ImapConstants.SUPPORTS_CONDSTORE) || isEnabled(ImapConstants.SUPPORTS_QRESYNC);
        return Fetched.flags(
                MessageSequenceNumber.of(told.number(changed.uid())),
                MessageUid.of(changed.uid()),
                flags,
                modSeq ? ModSeq.of(changed.modSeq()) : null);
    }

    /** The FLAGS that must come before these are first used (RFC 9051 section 7.3.5), nothing if they were used already. */
    synchronized List<ImapResponseMessage> announced(Flags flags) {
        boolean isNew = false;
        for (String keyword : flags.getUserFlags()) {
            isNew |= keywords.add(keyword);
        }
        return isNew ? List.of(flagsResponse(), permanentFlags()) : List.of();
    }

    private synchronized boolean isTold(MessageUid uid) {
        return told.contains(uid.asLong());
    }

    /** Whether nothing may be changed. */
    boolean isReadOnly() {
        return readOnly;
    }

    ImapResponseMessage flagsResponse() {
        return new FlagsResponse(getApplicableFlags());
    }

    ImapResponseMessage permanentFlags() {
        if (readOnly) {
            return ImapAnswer.NO_PERMANENT_FLAGS.ok();
        }
        Flags permanent = new Flags(messages.getPermanentFlags(user));
        if (permanent.contains(Flags.Flag.USER)) {
            permanent.add(getApplicableFlags());
        }
        return new ImmutableStatusResponse(
                StatusResponse.Type.OK,
                null,
                null,
                HumanReadableText.permanentFlags(permanent),
                StatusResponse.ResponseCode.permanentFlags(permanent));
    }

    private boolean isEnabled(Capability capability) {
        return EnableProcessor.getEnabledCapabilities(session).contains(capability);
    }

    /** The MODSEQ up to which the client was told everything. */
    synchronized ModSeq highestModSeq() {
        return ModSeq.of(seen);
    }

    /** Ranges of UIDs as responses want them. */
    static final class Uids {
        private Uids() {}

        static UidRange[] ranges(long[] ascending) {
            List<UidRange> ranges = new ArrayList<>();
            for (int i = 0; i < ascending.length; ) {
                int last = i;
                while (last + 1 < ascending.length && ascending[last + 1] == ascending[last] + 1) {
                    last++;
                }
                ranges.add(new UidRange(MessageUid.of(ascending[i]), MessageUid.of(ascending[last])));
                i = last + 1;
            }
            return ranges.toArray(UidRange[]::new);
        }
    }

    /** FETCH responses that say little. */
    static final class Fetched {
        private Fetched() {}

        @SuppressWarnings({"NullAway", "NullOptional"}) // James leaves out what is null
        static FetchResponse flags(MessageSequenceNumber number, MessageUid uid, Flags flags, @Nullable ModSeq modSeq) {
            return new FetchResponse(number, flags, uid, null, modSeq, null, null, null, null, null, null, null, null);
        }
    }

    /**
     * The UIDs that a client means by a set, in ascending order.
     *
     * @param set of UIDs or of sequence numbers, with {@code *} as James reads it
     */
    synchronized IdRange[] uids(IdRange[] set, boolean useUids) {
        BitSet numbers = new BitSet(told.size() + 1);
        if (told.size() > 0) {
            for (IdRange range : set) {
                long greatest = useUids ? told.uid(told.size()) : told.size();
                long one = range.getLowVal() == Long.MAX_VALUE ? greatest : range.getLowVal();
                long other = range.getHighVal() == Long.MAX_VALUE ? greatest : range.getHighVal();
                long low = Math.min(one, other);
                long high = Math.max(one, other);
                numbers.set(
                        useUids ? told.from(low) : (int) Math.min(low, told.size() + 1L),
                        useUids ? told.from(high + 1) : (int) Math.min(high, told.size()) + 1);
            }
        }
        List<IdRange> meant = new ArrayList<>();
        numbers.stream().mapToLong(told::uid).forEach(uid -> {
            if (!meant.isEmpty() && meant.getLast().getHighVal() == uid - 1) {
                meant.set(meant.size() - 1, new IdRange(meant.getLast().getLowVal(), uid));
            } else {
                meant.add(new IdRange(uid));
            }
        });
        return meant.toArray(IdRange[]::new);
    }

    // What a client means

    /**
     * The UIDs that a set means, ascending: of the messages that the client was told of, and no others.
     *
     * @throws MessageRangeException if it names a sequence number that there is not
     */
    synchronized long[] named(IdRange[] set, boolean byUid) throws MessageRangeException {
        BitSet numbers = new BitSet(told.size() + 1);
        for (IdRange range : set) {
            if (byUid) {
                if (told.size() > 0) {
                    numbers.set(told.from(low(range, told.uid(told.size()))), told.from(after(range)));
                }
            } else {
                long low = low(range, told.size());
                long high = range.getHighVal() == Long.MAX_VALUE ? told.size() : range.getHighVal();
                if (low < 1 || high > told.size()) {
                    throw new MessageRangeException(range.getFormattedString() + " is more than there is");
                }
                numbers.set((int) low, (int) high + 1);
            }
        }
        return numbers.stream().mapToLong(told::uid).toArray();
    }

    /** Whether a set of UIDs names one above all that the client was told of. */
    synchronized boolean isBeyond(IdRange[] set) {
        long last = told.size() == 0 ? 0 : told.uid(told.size());
        return Stream.of(set)
                .flatMap(range -> Stream.of(range.getLowVal(), range.getHighVal()))
                .anyMatch(uid -> uid > last && uid != Long.MAX_VALUE);
    }

    /** RFC 9051 section 9: {@code *} is the last there is, and « 9:* » means it too when it is below 9. */
    private static long low(IdRange range, long last) {
        return range.getHighVal() == Long.MAX_VALUE ? Math.min(range.getLowVal(), last) : range.getLowVal();
    }

    private static long after(IdRange range) {
        return range.getHighVal() == Long.MAX_VALUE ? Long.MAX_VALUE : range.getHighVal() + 1;
    }

    /** The ranges of messages that have sequence numbers beside one another. */
    synchronized List<MessageRange> together(long[] uids) {
        List<MessageRange> ranges = new ArrayList<>();
        for (int from = 0; from < uids.length; ) {
            int to = from;
            while (to + 1 < uids.length && told.number(uids[to + 1]) == told.number(uids[to]) + 1) {
                to++;
            }
            ranges.add(MessageRange.range(MessageUid.of(uids[from]), MessageUid.of(uids[to])));
            from = to + 1;
        }
        return ranges;
    }

    /**
     * Those of some expunged UIDs that a set means and that vanished before the client looked (RFC 7162 section 3.2.6): of what it
     * was told of here it hears when that goes, and of what came after it never heard.
     */
    synchronized UidRange[] vanished(IdRange[] set, long[] expunged) {
        RangeSet<Long> asked = upToLast(set);
        return Uids.ranges(LongStream.of(expunged)
                .filter(uid -> asked.contains(uid) && !told.contains(uid))
                .toArray());
    }

    /** All UIDs that a set means and that are not there, for want of knowing which went when. */
    synchronized UidRange[] absent(IdRange[] set) {
        RangeSet<Long> absent = upToLast(set);
        for (int number = 1; number <= told.size(); number++) {
            absent.remove(Range.closedOpen(told.uid(number), told.uid(number) + 1));
        }
        return absent.asRanges().stream()
                .map(each -> new UidRange(MessageUid.of(each.lowerEndpoint()), MessageUid.of(each.upperEndpoint() - 1)))
                .toArray(UidRange[]::new);
    }

    /** {@code *} is the last UID that the mailbox gave: a message that had it may have vanished. */
    private RangeSet<Long> upToLast(IdRange[] set) {
        RangeSet<Long> asked = TreeRangeSet.create();
        for (IdRange range : set) {
            long low = Math.max(1, low(range, lastUid));
            long high = Math.min(range.getHighVal(), lastUid);
            if (low <= high) {
                asked.add(Range.closedOpen(low, high + 1));
            }
        }
        return asked;
    }

    // What James's commands ask

    @Override
    public Mono<Void> deselect() {
        return Mono.empty();
    }

    @Override
    public synchronized NullableMessageSequenceNumber msn(MessageUid uid) {
        int number = told.number(uid.asLong());
        return number == 0 ? NullableMessageSequenceNumber.noMessage() : NullableMessageSequenceNumber.of(number);
    }

    @Override
    public synchronized Optional<MessageUid> uid(int number) {
        return number >= 1 && number <= told.size() ? Optional.of(MessageUid.of(told.uid(number))) : Optional.empty();
    }

    @Override
    public synchronized Optional<MessageUid> getFirstUid() {
        return uid(1);
    }

    @Override
    public synchronized Optional<MessageUid> getLastUid() {
        return uid(told.size());
    }

    @Override
    public synchronized long existsCount() {
        return told.size();
    }

    @Override
    public synchronized boolean addRecent(MessageUid uid) {
        return recent.add(uid.asLong());
    }

    @Override
    public boolean removeRecent(MessageUid uid) {
        return false; // what is expunged is no longer recent once that is told
    }

    @Override
    public synchronized Collection<MessageUid> getRecent() {
        return recent.stream().filter(told::contains).map(MessageUid::of).toList();
    }

    @Override
    public synchronized int recentCount() {
        return (int) recent.stream().filter(told::contains).count();
    }

    @Override
    public synchronized boolean isRecent(MessageUid uid) {
        return recent.contains(uid.asLong());
    }

    @Override
    public Mono<MailboxPath> getPathReactive() {
        return Mono.from(mailboxes.getMailboxReactive(getMailboxId(), user)).map(MessageManager::getMailboxPath);
    }

    @Override
    public MailboxId getMailboxId() {
        return messages.getId();
    }

    @Override
    public MessageManager getMessageManager() {
        return messages;
    }

    @Override
    public synchronized Flags getApplicableFlags() {
        Flags flags = new Flags();
        Arrays.asList(Flags.Flag.ANSWERED, Flags.Flag.DELETED, Flags.Flag.DRAFT, Flags.Flag.FLAGGED, Flags.Flag.SEEN)
                .forEach(flags::add);
        keywords.forEach(flags::add);
        return flags;
    }

    @Override
    public boolean isDeletedByOtherSession() {
        return false;
    }

    @Override
    public boolean isSizeChanged() {
        return false;
    }

    @Override
    public boolean isRecentUidRemoved() {
        return false;
    }

    @Override
    public boolean hasNewApplicableFlags() {
        return false;
    }

    @Override
    public Collection<MessageUid> expungedUids() {
        return List.of();
    }

    @Override
    public Collection<MessageUid> flagUpdateUids() {
        return List.of();
    }

    @Override
    public NullableMessageSequenceNumber remove(MessageUid uid) {
        throw new IllegalStateException("only what is told changes the numbers");
    }

    @Override
    public void registerIdle(EventListener.ReactiveEventListener idle) {
        throw new IllegalStateException("no event is listened to");
    }

    @Override
    public void unregisterIdle() {
        // none was registered
    }

    @Override
    public void resetRecentUidRemoved() {
        // nothing was reported
    }

    @Override
    public void resetEvents() {
        // nothing was reported
    }

    @Override
    public void resetExpungedUids() {
        // nothing was reported
    }

    @Override
    public void resetNewApplicableFlags() {
        // nothing was reported
    }
}
