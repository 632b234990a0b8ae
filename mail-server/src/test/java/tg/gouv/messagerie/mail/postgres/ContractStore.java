package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import javax.mail.Flags;
import org.apache.james.core.Username;
import org.apache.james.events.EventDeadLetters;
import org.apache.james.events.EventSerializer;
import org.apache.james.jmap.api.change.EmailChangeRepositoryContract;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.ByteContent;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.ThreadId;
import org.apache.james.mailbox.model.UidValidity;
import org.apache.james.mailbox.quota.CurrentQuotaManager;
import org.apache.james.mailbox.quota.MaxQuotaManager;
import org.apache.james.mailbox.quota.QuotaManager;
import org.apache.james.mailbox.store.mail.AttachmentMapper;
import org.apache.james.mailbox.store.mail.MailboxMapper;
import org.apache.james.mailbox.store.mail.MessageIdMapper;
import org.apache.james.mailbox.store.mail.MessageMapper;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.apache.james.mailbox.store.mail.model.MapperProvider;
import org.apache.james.mailbox.store.mail.model.MessageUidProvider;
import org.apache.james.mailbox.store.mail.model.impl.PropertyBuilder;
import org.apache.james.mailbox.store.mail.model.impl.SimpleMailboxMessage;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.util.date.ZonedDateTimeProvider;
import org.apache.james.utils.UpdatableTickingClock;
import org.apache.james.vacation.api.NotificationRegistry;
import org.apache.james.vacation.api.VacationRepository;
import tg.gouv.messagerie.mail.filters.ScriptBounds;
import tg.gouv.messagerie.mail.jmap.postgres.JmapSettings;
import tg.gouv.messagerie.mail.jmap.postgres.PostgresJmap;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Uuid7;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** An empty store, and what James's contracts need to know of it. */
final class ContractStore implements MapperProvider {
    final UpdatableTickingClock clock = new UpdatableTickingClock(Instant.now());
    final TestOwners owners = new TestOwners();
    final MemoryTrail trail = new MemoryTrail();
    final PostgresMappers mappers;
    final PostgresJmap jmap;
    final Connections connections;
    private final MessageId.Factory messageIds = new PostgresMessageId.Factory(Uuid7.system());
    private final MessageUidProvider uids = new MessageUidProvider();
    private boolean mailboxesExist;

    ContractStore(Connections connections, Blobs blobs) {
        TestStore.empty(connections);
        mappers = new PostgresMappers(connections, blobs, owners, trail, clock, Uuid7.system(), settings());
        jmap = new PostgresJmap(connections, blobs, owners, clock, Uuid7.system(), JmapSettings.byDefault());
        this.connections = connections;
    }

    /** Every default, but as few changes at once as the contracts of JMAP want. */
    private static StoreSettings settings() {
        StoreSettings usual = StoreSettings.byDefault();
        return new StoreSettings(
                usual.bodyRetention(),
                usual.pageSize(),
                usual.keywordsMax(),
                usual.ownerMemory(),
                usual.changeHistory(),
                EmailChangeRepositoryContract.DEFAULT_NUMBER_OF_CHANGES.getValue());
    }

    /** Without bounds of our own, which the contract does not know. */
    SieveRepository scripts() {
        return new PostgresSieveRepository(
                connections, mappers.accounts(), trail, clock, new ScriptBounds(Long.MAX_VALUE, Integer.MAX_VALUE));
    }

    VacationRepository vacations() {
        return new PostgresVacationRepository(mappers.connections(), mappers.accounts(), 1 << 16);
    }

    NotificationRegistry notifications(ZonedDateTimeProvider clock) {
        return new PostgresNotificationRegistry(mappers.connections(), mappers.accounts(), clock);
    }

    EventDeadLetters deadLetters(EventSerializer serializer) {
        return new PostgresDeadLetters(mappers.connections(), serializer, clock, 100_000, new AtomicLong());
    }

    /** Without a limit of the settings. */
    QuotaRows quotaRows() {
        return new QuotaRows(mappers.connections(), mappers.accounts(), new QuotaSettings(new ByteSize(0), 0));
    }

    QuotaManager quotas() {
        return new PostgresQuotas(mappers.connections(), quotaRows());
    }

    CurrentQuotaManager quotaUse() {
        return new PostgresQuotaUse(mappers.connections(), quotaRows());
    }

    MaxQuotaManager quotaLimits() {
        return new PostgresQuotaLimits(mappers.connections(), quotaRows());
    }

    static MailboxId unknownMailbox() {
        return new PostgresMailboxId(ThreadLocalRandom.current().nextLong(1L << 40, 1L << 41));
    }

    /** A mailbox that exists, for contracts that only speak of its id. */
    MailboxId someMailbox() {
        return create("mailbox" + uids.next().asLong()).getMailboxId();
    }

    /** A new mailbox of benwa. */
    Mailbox create(String name) {
        return mappers.createMailboxMapper(null)
                .create(MailboxPath.forUser(Username.of("benwa"), name), UidValidity.of(42))
                .blockOptional()
                .orElseThrow();
    }

    /** A small message, not yet stored. */
    MailboxMessage small(Mailbox mailbox, MessageId id) {
        byte[] bytes = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
        return SimpleMailboxMessage.builder()
                .messageId(id)
                .threadId(ThreadId.fromBaseMessageId(id))
                .mailboxId(mailbox.getMailboxId())
                .internalDate(Date.from(clock.instant()))
                .bodyStartOctet(14)
                .size(bytes.length)
                .content(new ByteContent(bytes))
                .flags(new Flags())
                .properties(new PropertyBuilder())
                .build();
    }

    /** The id of a message that is stored. */
    MessageId someMessage() {
        try {
            Mailbox mailbox = create("mailbox" + uids.next().asLong());
            MessageId id = generateMessageId();
            createMessageMapper().add(mailbox, small(mailbox, id));
            return id;
        } catch (MailboxException e) {
            throw new AssertionError(e);
        }
    }

    /** For a contract that puts messages into a mailbox of which it made only the id. */
    ContractStore withMailboxesThatExist() {
        mailboxesExist = true;
        return this;
    }

    /** All of them; keywords of a mailbox only grow (INCREMENTAL_APPLICABLE_FLAGS). */
    @Override
    public List<Capabilities> getSupportedCapabilities() {
        return List.of(Capabilities.values());
    }

    @Override
    public MailboxMapper createMailboxMapper() {
        return mappers.createMailboxMapper(null);
    }

    @Override
    public MessageMapper createMessageMapper() {
        return mappers.createMessageMapper(null);
    }

    @Override
    public MessageIdMapper createMessageIdMapper() {
        return mappers.createMessageIdMapper(null);
    }

    @Override
    public AttachmentMapper createAttachmentMapper() {
        return mappers.createAttachmentMapper(null);
    }

    @Override
    public MailboxId generateId() {
        return mailboxesExist ? someMailbox() : unknownMailbox();
    }

    @Override
    public MessageUid generateMessageUid() {
        return uids.next();
    }

    @Override
    public MessageId generateMessageId() {
        return messageIds.generate();
    }

    /** Announces the MODSEQ which the store itself allocates when the message is saved. */
    @Override
    public ModSeq generateModSeq(Mailbox mailbox) throws MailboxException {
        return mappers.getModSeqProvider().nextModSeq(mailbox);
    }

    @Override
    public ModSeq highestModSeq(Mailbox mailbox) throws MailboxException {
        return mappers.getModSeqProvider().highestModSeq(mailbox);
    }

    @Override
    public boolean supportPartialAttachmentFetch() {
        return true;
    }
}
