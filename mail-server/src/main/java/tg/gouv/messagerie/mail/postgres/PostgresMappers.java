package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.core.Username;
import org.apache.james.jmap.api.change.EmailChangeRepository;
import org.apache.james.jmap.api.change.Limit;
import org.apache.james.jmap.api.change.MailboxChangeRepository;
import org.apache.james.jmap.api.change.State;
import org.apache.james.jmap.api.model.AccountId;
import org.apache.james.jmap.api.projections.EmailQueryView;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.store.MailboxSessionMapperFactory;
import org.apache.james.mailbox.store.mail.AnnotationMapper;
import org.apache.james.mailbox.store.mail.AttachmentMapper;
import org.apache.james.mailbox.store.mail.AttachmentMapperFactory;
import org.apache.james.mailbox.store.mail.MailboxMapper;
import org.apache.james.mailbox.store.mail.MessageIdMapper;
import org.apache.james.mailbox.store.mail.MessageMapper;
import org.apache.james.mailbox.store.mail.ModSeqProvider;
import org.apache.james.mailbox.store.mail.UidProvider;
import org.apache.james.mailbox.store.user.SubscriptionMapper;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.ErasedAccounts;
import tg.gouv.messagerie.mail.KeptMail;
import tg.gouv.messagerie.mail.Owners;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * The row of mailbox_counter is a mailbox's lock. Every change takes it first, and several in ascending order; UID and
 * MODSEQ are allocated there, so that the order of allocation is the order of commit. Bind NoMailboxPathLocker: James needs
 * no lock of its own. What each kind of change does is told in Appending, Copying, Flagging, Expunging; who removes bodies,
 * in ReleasedBodies.
 */
/**
 * James's mailbox store in the schema {@code mail}: mailboxes, messages, attachments, annotations, subscriptions.
 *
 * <p>The mappers have no state of a session, so all sessions share them, but for that of a {@link Delivery}, {@link OwnChanges} and a
 * {@link StateCondition}. What they
 * acknowledge is durable. Reactive calls run on virtual threads of the store, blocking ones on the caller's.
 */
public final class PostgresMappers extends MailboxSessionMapperFactory
        implements AttachmentMapperFactory, AutoCloseable {
    private final AuditTrail trail;
    private final MailConnections connections;
    private final KeptMail kept;
    private final ErasedAccounts erased;
    private final AccountNames accounts;
    private final Counters counters;
    private final PostgresMailboxMapper mailboxes;
    private final PostgresMessageMapper messages;
    private final PostgresMessageIdMapper messageIds;
    private final AttachmentMapper attachments;
    private final AnnotationMapper annotations;
    private final PostgresSubscriptionMapper subscriptions;
    private final MailboxNews news = new MailboxNews();
    private final OpenedMailboxes opened;
    private final JmapStates states;
    private final EmailChangeRepository emailChanges;
    private final MailboxChangeRepository mailboxChanges;

    /**
     * A store on connections of its own.
     *
     * @param connections of the schema {@code mail}, brought up to date
     * @param blobs where bodies above 32 KB are kept
     * @param trail where changes of rights are noted, in their transaction
     * @param ids makes the keys of bodies
     */
    public PostgresMappers(
            Connections connections,
            Blobs blobs,
            Owners owners,
            AuditTrail trail,
            Clock clock,
            Uuid7 ids,
            StoreSettings settings) {
        this.connections = new MailConnections(connections);
        this.trail = trail;
        this.counters = new Counters(this.connections);
        this.accounts = new AccountNames(owners, settings.ownerMemory());
        Bodies bodies = new Bodies(connections, blobs, ids, clock);
        MessageRows rows = new MessageRows(bodies);
        this.kept = new PostgresKeptMail(
                connections, this.connections, rows, settings.pageSize().bytes());
        Keywords keywords = new Keywords(this.connections, settings.keywordsMax());
        Expunging expunging = new Expunging(clock, news);
        this.erased = new PostgresErasedAccounts(connections, expunging);
        Appending appending = new Appending(this.connections, bodies, keywords, clock, news);
        Copying copying = new Copying(expunging, keywords, clock, news);
        Flagging flagging = new Flagging(keywords, news);
        PostgresMailboxMapper mailboxMapper =
                new PostgresMailboxMapper(this.connections, accounts, expunging, trail, clock);
        this.mailboxes = mailboxMapper;
        this.messages = new PostgresMessageMapper(
                this.connections,
                rows,
                counters,
                keywords,
                appending,
                copying,
                flagging,
                expunging,
                settings.pageSize().bytes(),
                null);
        this.opened = new OpenedMailboxes(this.connections, flagging);
        this.messageIds = new PostgresMessageIdMapper(
                this.connections, rows, mailboxMapper, appending, copying, flagging, expunging);
        this.attachments = new PostgresAttachmentMapper(this.connections, bodies);
        this.annotations = new PostgresAnnotationMapper(this.connections);
        this.subscriptions = new PostgresSubscriptionMapper(this.connections, accounts);
        this.states = new JmapStates(this.connections, accounts, Limit.of(settings.changesMax()));
        this.emailChanges = new PostgresEmailChanges(this.connections, states);
        this.mailboxChanges = new PostgresMailboxChanges(this.connections, states);
    }

    /** Who owns what; its memory is shared by everything that asks for owners. */
    AccountNames accounts() {
        return accounts;
    }

    /** The connections and threads of the store, for what James asks reactively. */
    MailConnections connections() {
        return connections;
    }

    @Override
    public MailboxMapper createMailboxMapper(@Nullable MailboxSession session) {
        return session == null ? mailboxes : mailboxes.through(session);
    }

    @Override
    public MessageMapper createMessageMapper(@Nullable MailboxSession session) {
        return Delivery.of(session)
                .<MessageMapper>map(messages::within)
                .orElse(session == null ? messages : messages.through(session));
    }

    @Override
    public MessageIdMapper createMessageIdMapper(@Nullable MailboxSession session) {
        return session == null ? messageIds : messageIds.through(session);
    }

    @Override
    public AttachmentMapper createAttachmentMapper(@Nullable MailboxSession session) {
        return attachments;
    }

    @Override
    public AttachmentMapper getAttachmentMapper(@Nullable MailboxSession session) {
        return attachments;
    }

    @Override
    public AnnotationMapper createAnnotationMapper(@Nullable MailboxSession session) {
        return annotations;
    }

    @Override
    public SubscriptionMapper createSubscriptionMapper(@Nullable MailboxSession session) {
        return session == null ? subscriptions : subscriptions.through(session);
    }

    @Override
    public UidProvider getUidProvider() {
        return counters;
    }

    @Override
    public ModSeqProvider getModSeqProvider() {
        return counters;
    }

    /** Where what the State must know is written. */
    AuditTrail trail() {
        return trail;
    }

    /** All that is kept of one account. */
    public KeptMail kept() {
        return kept;
    }

    /** What becomes of the mail of who is erased. */
    public ErasedAccounts erased() {
        return erased;
    }

    /** What IMAP asks about mailboxes that are open. */
    public OpenedMailboxes opened() {
        return opened;
    }

    /** Who watches mailboxes. */
    public MailboxNews news() {
        return news;
    }

    /** What changed in an account's messages, as JMAP asks (RFC 8620 section 5.2). */
    public EmailChangeRepository emailChanges() {
        return emailChanges;
    }

    /** What changed in an account's mailboxes. */
    public MailboxChangeRepository mailboxChanges() {
        return mailboxChanges;
    }

    /** A mailbox's messages by date. */
    public EmailQueryView emailQueries() {
        return new PostgresEmailQueryView(connections);
    }

    /**
     * The condition that an account is in a state.
     *
     * @param state as a client sent it
     * @return empty if there is no such account, or no such state
     */
    public Optional<StateCondition> inState(Username user, StateCondition.Kind kind, String state) {
        try {
            State expected = State.of(UUID.fromString(state));
            return states.owner(AccountId.fromUsername(user))
                    .map(owner -> new StateCondition(states, owner, kind, expected));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** How far the changes of accounts have come, after one in each of these mailboxes; one statement. */
    public Mono<Map<ChangedMailbox, AccountState>> accountStates(Collection<ChangedMailbox> changed) {
        return connections.later(() -> states.states(changed));
    }

    /** Lets the work that was begun end, for a bounded time. */
    @Override
    public void close() {
        connections.close();
    }
}
