package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import javax.mail.Flags;
import javax.mail.Flags.Flag;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.MessageManager.FlagsUpdateMode;
import org.apache.james.mailbox.exception.InsufficientRightsException;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.FetchGroup;
import org.apache.james.mailbox.model.MailboxACL;
import org.apache.james.mailbox.model.MailboxAnnotation;
import org.apache.james.mailbox.model.MailboxAnnotationKey;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.MessageResult;
import org.apache.james.mailbox.model.SearchQuery;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.rights.MailboxVisit;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.blobs.PostgresBlobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * Below, « James 3.8.1 » says what stock James does in the same place; GuardedMessages and GuardedMessageIds close it for IMAP
 * and JMAP alike.
 */
/** What each right of RFC 4314 permits in another's mailbox, and what is told of it. */
class GrantsTest {
    private static final Username AMA = Username.of("ama@" + TestOwners.DOMAIN);
    private static final Username KOFI = Username.of("kofi@" + TestOwners.DOMAIN);
    private static Database database;
    private static Connections connections;
    private static Blobs blobs;

    private ContractStore store;
    private ContractManagers managers;
    private MailboxSession ama;
    private MailboxSession kofi;
    private MailboxPath shared;
    private MailboxId inbox;
    private MailboxId own;
    private MessageId message;

    @BeforeAll
    static void open() {
        database = TestDatabase.fresh();
        database.migrate("platform");
        database.migrate("mail");
        connections = database.connections("mail", "mail", 12);
        blobs = new PostgresBlobs(database.connections("blobs", "platform", 2), Uuid7.system());
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void aMailboxOfAmaAndOneOfKofi() throws Exception {
        store = new ContractStore(connections, blobs);
        managers = new ContractManagers(store);
        ama = session(AMA, AMA, false);
        kofi = session(KOFI, KOFI, false);
        shared = MailboxPath.inbox(AMA);
        inbox = managers.mailboxes.createMailbox(shared, ama).orElseThrow();
        own = managers.mailboxes.createMailbox(MailboxPath.inbox(KOFI), kofi).orElseThrow();
        message = append(ama);
    }

    private MailboxSession session(Username whose, Username actor, boolean readsOnly) {
        MailboxSession session = managers.mailboxes.createSystemSession(whose);
        new MailboxVisit(account(whose), account(actor), InetAddress.getLoopbackAddress(), "imap", readsOnly)
                .through(session);
        return session;
    }

    private AccountId account(Username name) {
        return store.owners.byName(name.asString()).orElseThrow();
    }

    private void grant(String rights) throws MailboxException {
        managers.mailboxes.setRights(
                shared,
                MailboxACL.EMPTY.apply(MailboxACL.command()
                        .forUser(KOFI)
                        .rights(MailboxACL.Rfc4314Rights.deserialize(rights))
                        .asReplacement()),
                ama);
    }

    private MessageManager messages(MailboxSession session) throws MailboxException {
        return managers.mailboxes.getMailbox(inbox, session);
    }

    private MessageId append(MailboxSession session) throws MailboxException {
        return append(session, new Flags());
    }

    private MessageId append(MailboxSession session, Flags flags) throws MailboxException {
        return messages(session)
                .appendMessage(
                        MessageManager.AppendCommand.builder()
                                .withFlags(flags)
                                .build("Subject: a\r\n\r\nb\r\n".getBytes(StandardCharsets.US_ASCII)),
                        session)
                .getId()
                .getMessageId();
    }

    private Flags flags() throws MailboxException {
        List<MessageResult> found = managers.messageIds.getMessages(List.of(message), FetchGroup.MINIMAL, ama);
        Flags flags = found.stream()
                .filter(each -> each.getMailboxId().equals(inbox))
                .findFirst()
                .orElseThrow()
                .getFlags();
        flags.remove(Flag.RECENT);
        return flags;
    }

    private void store(Flags flags, FlagsUpdateMode mode) throws MailboxException {
        messages(kofi).setFlags(new Flags(flags), mode, MessageRange.all(), kofi);
    }

    private static Flags of(Flag... flags) {
        Flags all = new Flags();
        List.of(flags).forEach(all::add);
        return all;
    }

    private interface Act {
        void run() throws Exception;
    }

    private static void refused(Act act) {
        assertThatThrownBy(act::run)
                .satisfiesAnyOf(
                        it -> assertThat(it).isInstanceOf(InsufficientRightsException.class),
                        it -> assertThat(it.getCause()).isInstanceOf(InsufficientRightsException.class));
    }

    /** James 3.8.1 takes it into the own mailbox of whoever names its id, from where it can be read. */
    @Test
    void aMessageThatMayNotBeReadCannotBePutIntoTheOwnMailbox() {
        assertThatThrownBy(() -> managers.messageIds.setInMailboxes(message, List.of(own), kofi))
                .isInstanceOf(MailboxNotFoundException.class);
        assertThat(managers.messageIds.getMessages(List.of(message), FetchGroup.MINIMAL, kofi))
                .isEmpty();
    }

    /** James 3.8.1 shows messages to who may only see that the mailbox exists. */
    @Test
    void whoSeesTheMailboxDoesNotReadIt() throws Exception {
        grant("l");
        refused(() -> messages(kofi)
                .getMessages(MessageRange.all(), FetchGroup.FULL_CONTENT, kofi)
                .next());
        refused(() -> reactor.core.publisher.Flux.from(
                        messages(kofi).getMessagesReactive(MessageRange.all(), FetchGroup.FULL_CONTENT, kofi))
                .blockLast());
        refused(() -> messages(kofi).search(SearchQuery.matchAll(), kofi));
        refused(() -> managers.mailboxes.copyMessages(MessageRange.all(), inbox, own, kofi));
    }

    /** James 3.8.1 lets who may insert expunge, store every flag, and move. */
    @Test
    void whoMayInsertMayNeitherFlagNorRemove() throws Exception {
        grant("lri");
        append(kofi, of(Flag.SEEN, Flag.FLAGGED));
        assertThat(messages(ama).getMessages(MessageRange.all(), FetchGroup.MINIMAL, ama))
                .toIterable()
                .hasSize(2)
                .noneMatch(each ->
                        each.getFlags().contains(Flag.SEEN) || each.getFlags().contains(Flag.FLAGGED));
        messages(ama).setFlags(of(Flag.DELETED), FlagsUpdateMode.ADD, MessageRange.all(), ama);
        refused(() -> store(of(Flag.SEEN), FlagsUpdateMode.ADD));
        refused(() -> store(of(Flag.FLAGGED), FlagsUpdateMode.REPLACE));
        refused(() -> store(new Flags("projet"), FlagsUpdateMode.ADD));
        refused(() -> messages(kofi).expunge(MessageRange.all(), kofi));
        refused(() -> messages(kofi).expungeReactive(MessageRange.all(), kofi).blockLast());
        refused(() -> managers.mailboxes.moveMessages(MessageRange.all(), inbox, own, kofi));
        assertThat(messages(ama).getMessageCount(ama)).isEqualTo(2);
    }

    /** James 3.8.1 lets who may set one flag append. */
    @Test
    void whoMayReadAndMarkSeenMayNotInsert() throws Exception {
        grant("lrs");
        refused(() -> append(kofi));
        refused(() -> managers.mailboxes.copyMessages(MessageRange.all(), own, inbox, kofi));
        refused(() -> managers.messageIds.setInMailboxes(message, List.of(inbox, own, other()), kofi));
        store(of(Flag.SEEN, Flag.FLAGGED), FlagsUpdateMode.ADD);
        assertThat(flags()).isEqualTo(of(Flag.SEEN));
        managers.messageIds.setFlags(of(Flag.SEEN), FlagsUpdateMode.REMOVE, message, List.of(inbox), kofi);
        assertThat(flags()).isEqualTo(new Flags());
        refused(() ->
                managers.messageIds.setFlags(of(Flag.FLAGGED), FlagsUpdateMode.ADD, message, List.of(inbox), kofi));
    }

    private MailboxId other() throws MailboxException {
        MailboxPath path = MailboxPath.forUser(AMA, "dossier");
        MailboxId made = managers.mailboxes.createMailbox(path, ama).orElseThrow();
        managers.mailboxes.setRights(
                path,
                MailboxACL.EMPTY.apply(MailboxACL.command()
                        .forUser(KOFI)
                        .rights(MailboxACL.Rfc4314Rights.deserialize("lr"))
                        .asReplacement()),
                ama);
        return made;
    }

    /** RFC 4314 section 4: what may not be changed stays when flags are replaced. */
    @Test
    void replacingFlagsLeavesThoseThatAreOthersToChange() throws Exception {
        grant("lrw");
        messages(ama).setFlags(of(Flag.SEEN, Flag.ANSWERED), FlagsUpdateMode.ADD, MessageRange.all(), ama);
        store(of(Flag.FLAGGED, Flag.DELETED), FlagsUpdateMode.REPLACE);
        assertThat(flags()).isEqualTo(of(Flag.SEEN, Flag.FLAGGED));
    }

    /** James 3.8.1 asks for t alone. */
    @Test
    void toRemoveByIdTakesTheRightToExpunge() throws Exception {
        grant("lrt");
        refused(() -> managers.messageIds.delete(message, List.of(inbox), kofi));
        refused(() -> managers.messageIds.delete(List.of(message), kofi).block());
        refused(() -> managers.messageIds.setInMailboxes(message, List.of(own), kofi));
        grant("lrte");
        managers.messageIds.setInMailboxes(message, List.of(own), kofi);
        assertThat(messages(ama).getMessageCount(ama)).isZero();
        assertThat(managers.messageIds.getMessages(List.of(message), FetchGroup.MINIMAL, kofi))
                .hasSize(1);
    }

    /** RFC 4314 section 4: a copy does not bring flags that the copier may not set there. */
    @Test
    void aCopyBringsOnlyTheFlagsThatMayBeSetThere() throws Exception {
        grant("lriw");
        MessageManager mine = managers.mailboxes.getMailbox(own, kofi);
        mine.appendMessage(
                MessageManager.AppendCommand.builder()
                        .withFlags(of(Flag.SEEN, Flag.FLAGGED))
                        .build("Subject: b\r\n\r\n"),
                kofi);
        managers.mailboxes.copyMessages(MessageRange.all(), own, inbox, kofi);
        assertThat(messages(ama).getMessages(MessageRange.all(), FetchGroup.MINIMAL, ama))
                .toIterable()
                .extracting(MessageResult::getFlags)
                .anyMatch(each -> each.contains(Flag.FLAGGED))
                .noneMatch(each -> each.contains(Flag.SEEN));
    }

    /** James 3.8.1 lets whoever sees a mailbox write annotations on it. */
    @Test
    void whoSeesAMailboxDoesNotWriteOnIt() throws Exception {
        grant("lr");
        refused(() -> managers.mailboxes.updateAnnotations(
                shared,
                kofi,
                List.of(MailboxAnnotation.newInstance(new MailboxAnnotationKey("/shared/comment"), "x"))));
    }

    /** The session of who may only read a function mailbox is its owner's; stock James knows nothing of it. */
    @Test
    void aReaderOfAFunctionMailboxChangesNothing() throws Exception {
        MailboxSession reader = session(AMA, KOFI, true);
        assertThat(messages(reader).getMessages(MessageRange.all(), FetchGroup.MINIMAL, reader))
                .toIterable()
                .hasSize(1);
        MailboxId target = other();
        refused(() -> append(reader));
        refused(() -> messages(reader).setFlags(of(Flag.SEEN), FlagsUpdateMode.ADD, MessageRange.all(), reader));
        refused(() -> messages(reader).expunge(MessageRange.all(), reader));
        refused(() -> managers.mailboxes.copyMessages(MessageRange.all(), inbox, target, reader));
        refused(() -> managers.mailboxes.moveMessages(MessageRange.all(), inbox, target, reader));
        refused(() ->
                managers.messageIds.setFlags(of(Flag.SEEN), FlagsUpdateMode.ADD, message, List.of(inbox), reader));
        refused(() -> managers.messageIds.setInMailboxes(message, List.of(inbox, target), reader));
        refused(() -> managers.messageIds.setInMailboxes(message, List.of(target), reader));
        refused(() -> managers.messageIds.delete(message, List.of(inbox), reader));
        refused(() -> managers.mailboxes.createMailbox(MailboxPath.forUser(AMA, "neuf"), reader));
        refused(() -> managers.mailboxes.deleteMailbox(target, reader));
        refused(() -> managers.mailboxes.renameMailbox(shared, MailboxPath.forUser(AMA, "autre"), reader));
        refused(() -> managers.mailboxes.setRights(shared, MailboxACL.EMPTY, reader));
        assertThat(flags()).isEqualTo(new Flags());

        await(() -> of(AuditEvent.Refusal.class).size() >= 13);
        AuditEvent.Refusal refusal = of(AuditEvent.Refusal.class).getFirst();
        assertThat(refusal.circumstances().actor())
                .isEqualTo(new Actor.Account(account(KOFI).value()));
        assertThat(refusal.circumstances().onBehalfOf())
                .contains(new Actor.Account(account(AMA).value()));
        assertThat(refusal.subject().id()).isEqualTo(account(AMA).toString());
    }

    @Test
    void aGrantIsToldInItsTransactionWithWhoHasWhichRights() throws Exception {
        grant("lrs");
        grant("lr");
        managers.mailboxes.setRights(shared, MailboxACL.EMPTY, ama);
        assertThat(of(AuditEvent.MailboxRights.class))
                .extracting(each -> each.counterpart().orElseThrow().id())
                .containsExactly(account(KOFI) + "=lrs", account(KOFI) + "=lr", account(KOFI) + "=");
        assertThat(of(AuditEvent.MailboxRights.class))
                .allMatch(each -> each.circumstances()
                        .actor()
                        .equals(new Actor.Account(account(AMA).value())))
                .allMatch(each -> each.subject().text().equals("mailbox:" + account(AMA) + "/" + inbox.serialize()));
        assertThat(connections.<Optional<Integer>, RuntimeException>autoCommit(c -> Sql.first(
                        c,
                        row -> 1,
                        "select 1 from mailbox where id = ? and acl = '{}'",
                        Long.parseLong(inbox.serialize()))))
                .isPresent();
    }

    @Test
    void theFirstUseOfAnothersMailboxInASessionIsToldAndTheOwnIsNot() throws Exception {
        grant("lr");
        for (int i = 0; i < 3; i++) {
            messages(kofi)
                    .getMessages(MessageRange.all(), FetchGroup.MINIMAL, kofi)
                    .next();
            messages(ama)
                    .getMessages(MessageRange.all(), FetchGroup.MINIMAL, ama)
                    .next();
        }
        await(() -> !of(AuditEvent.Access.class).isEmpty());
        assertThat(of(AuditEvent.Access.class)).hasSize(1);
        assertThat(of(AuditEvent.Access.class).getFirst().subject().id())
                .isEqualTo(account(AMA).toString());
        assertThat(of(AuditEvent.Access.class).getFirst().circumstances().actor())
                .isEqualTo(new Actor.Account(account(KOFI).value()));

        MailboxSession jmap = session(KOFI, KOFI, false);
        managers.messageIds.getMessages(List.of(message), FetchGroup.MINIMAL, jmap);
        await(() -> of(AuditEvent.Access.class).size() == 2);
    }

    @Test
    void whoMayNotGiveRightsIsRefusedAndTold() throws Exception {
        grant("lra");
        refused(() -> managers.mailboxes.applyRightsCommand(
                shared,
                MailboxACL.command()
                        .forUser(KOFI)
                        .rights(MailboxACL.FULL_RIGHTS)
                        .asReplacement(),
                kofi));
        await(() -> of(AuditEvent.Refusal.class).size() == 1);
    }

    private <T extends AuditEvent> List<T> of(Class<T> kind) {
        return store.trail.events().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws InterruptedException {
        for (int i = 0; i < 200 && !condition.holds(); i++) {
            Thread.sleep(25);
        }
        assertThat(condition.holds()).isTrue();
    }
}
