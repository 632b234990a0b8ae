package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.james.core.Username;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNameException;
import org.apache.james.mailbox.exception.SubscriptionException;
import org.apache.james.mailbox.exception.TooLongMailboxNameException;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxACL;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.UidValidity;
import org.apache.james.mailbox.model.search.MailboxQuery;
import org.apache.james.mailbox.model.search.Wildcard;
import org.apache.james.mailbox.store.MailboxReactorUtils;
import org.apache.james.mailbox.store.user.SubscriptionMapper;
import org.apache.james.mailbox.store.user.model.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose mailboxes are whose, and how they may be called. */
class MailboxNamesTest {
    private static final Username STRANGER = Username.of("ama@elsewhere.test");
    private static final MailboxACL.Rfc4314Rights READ =
            MailboxACL.Rfc4314Rights.of(List.of(MailboxACL.Right.Lookup, MailboxACL.Right.Read));

    private final TestStore store = new TestStore();

    @AfterEach
    void close() {
        store.close();
    }

    private void create(MailboxPath path) throws MailboxException {
        MailboxReactorUtils.block(store.mailboxes.create(path, UidValidity.of(42)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\0b", "\r\n* BYE"})
    void aNameWithALineEndOrNulIsRefused(String name) {
        assertThatThrownBy(() -> create(MailboxPath.forUser(TestStore.user("ama"), name)))
                .isInstanceOf(MailboxNameException.class)
                .hasMessageContaining("line end");
        Mailbox inbox = store.mailbox("ama", "INBOX");
        Mailbox renamed = new Mailbox(
                MailboxPath.forUser(TestStore.user("ama"), name), inbox.getUidValidity(), inbox.getMailboxId());
        assertThatThrownBy(() -> MailboxReactorUtils.block(store.mailboxes.rename(renamed)))
                .isInstanceOf(MailboxNameException.class);
    }

    @Test
    void aNameHas255OctetsAtMost() throws MailboxException {
        create(MailboxPath.forUser(TestStore.user("ama"), "é".repeat(127) + "a"));
        assertThatThrownBy(() -> create(MailboxPath.forUser(TestStore.user("ama"), "é".repeat(128))))
                .isInstanceOf(TooLongMailboxNameException.class)
                .hasMessageContaining("255");
    }

    @Test
    void whoIsNoAccountHasNoMailboxesAndIsGivenNone() throws Exception {
        MailboxPath path = MailboxPath.forUser(STRANGER, "INBOX");
        assertThatThrownBy(() -> create(path))
                .isInstanceOf(MailboxException.class)
                .hasMessageContaining("no account has the address ama@elsewhere.test");
        assertThat(store.mailboxes.findMailboxByPath(path).blockOptional()).isEmpty();
        assertThat(all(STRANGER)).isEmpty();
        assertThat(store.mailboxes
                        .findMailboxByPath(MailboxPath.forUser(TestStore.user("ama"), "a\0b"))
                        .blockOptional())
                .isEmpty();
        assertThat(store.mailboxes
                        .findNonPersonalMailboxes(STRANGER, MailboxACL.Right.Read)
                        .collectList()
                        .block())
                .isEmpty();
        Mailbox inbox = store.mailbox("ama", "INBOX");
        MailboxACL.ACLCommand grant =
                MailboxACL.command().forUser(STRANGER).rights(READ).asAddition();
        assertThatThrownBy(() -> MailboxReactorUtils.block(store.mailboxes.updateACL(inbox, grant)))
                .isInstanceOf(MailboxException.class)
                .hasMessageContaining("no account has the address");
        SubscriptionMapper subscriptions = store.mappers.createSubscriptionMapper(null);
        assertThat(subscriptions.findSubscriptionsForUser(STRANGER)).isEmpty();
        assertThatThrownBy(() -> subscriptions.save(new Subscription(STRANGER, "INBOX")))
                .isInstanceOf(SubscriptionException.class);
    }

    @Test
    void aNewAddressKeepsMailboxesRightsAndSubscriptions() throws Exception {
        Mailbox inbox = store.mailbox("ama", "INBOX");
        Mailbox ofKofi = store.mailbox("kofi", "partage");
        MailboxReactorUtils.block(store.mailboxes.updateACL(
                ofKofi,
                MailboxACL.command().forUser(TestStore.user("ama")).rights(READ).asAddition()));
        store.mappers.createSubscriptionMapper(null).save(new Subscription(TestStore.user("ama"), "INBOX"));
        store.append(inbox, "avant");

        store.owners.rename(address("ama"), address("ama.k"));

        Username next = TestStore.user("ama.k");
        Mailbox found = store.mailboxes
                .findMailboxByPath(MailboxPath.forUser(next, "INBOX"))
                .blockOptional()
                .orElseThrow();
        assertThat(found.getMailboxId()).isEqualTo(inbox.getMailboxId());
        assertThat(found.getUidValidity()).isEqualTo(inbox.getUidValidity());
        assertThat(found.getUser()).isEqualTo(next);
        assertThat(store.mailboxes
                        .findMailboxById(inbox.getMailboxId())
                        .blockOptional()
                        .orElseThrow()
                        .getUser())
                .isEqualTo(next);
        assertThat(all(next)).hasSize(1);
        assertThat(store.uids(found)).containsExactly(1L);
        Mailbox shared = store.mailboxes
                .findNonPersonalMailboxes(next, MailboxACL.Right.Read)
                .next()
                .blockOptional()
                .orElseThrow();
        assertThat(shared.getMailboxId()).isEqualTo(ofKofi.getMailboxId());
        assertThat(shared.getACL().getEntries()).containsOnlyKeys(MailboxACL.EntryKey.createUserEntryKey(next));
        assertThat(store.mappers.createSubscriptionMapper(null).findSubscriptionsForUser(next))
                .containsExactly(new Subscription(next, "INBOX"));
    }

    @Test
    void theMailboxesOfAnAccountThatIsGoneAreNobodys() throws Exception {
        Mailbox inbox = store.mailbox("ama", "INBOX");
        store.mailbox("kofi", "INBOX");
        store.owners.remove(address("ama"));
        assertThat(store.mailboxes.list().map(Mailbox::getUser).collectList().block())
                .containsExactly(TestStore.user("kofi"));
        assertThat(store.count("mailbox where id = ?", PostgresMailboxId.number(inbox.getMailboxId())))
                .isEqualTo(1);
    }

    private List<Mailbox> all(Username user) {
        return store.mailboxes
                .findMailboxWithPathLike(MailboxQuery.builder()
                        .userAndNamespaceFrom(MailboxPath.forUser(user, "INBOX"))
                        .expression(Wildcard.INSTANCE)
                        .build()
                        .asUserBound())
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    private static String address(String name) {
        return TestStore.user(name).asString();
    }
}
