package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.DevicePasswords.Issued;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;

/** Two nodes on one database: what was opened with a device password ends on both when it is revoked, and nothing else does. */
class RevokedSessionsTest {
    private static final Duration WITHIN = Duration.ofSeconds(5);

    private static TestMail mail;
    private static MailServer second;

    private String address;
    private AccountId account;
    private Issued phone;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.settings());
        second = mail.beside(database -> database);
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    @BeforeEach
    void person() {
        address = Objects.requireNonNull(mail.cast().get("ama"));
        account = mail.directory()
                .directory()
                .byAddress(MailAddress.of(address))
                .orElseThrow()
                .id();
        phone = mail.directory()
                .devicePasswords()
                .issue(account, "Telephone", Set.of(Protocol.IMAP, Protocol.SMTP), Optional.empty());
    }

    private ImapClient idle(MailServer node, String secret) throws IOException {
        ImapClient client = new ImapClient(node, address, secret);
        client.say("SELECT INBOX");
        client.idle();
        return client;
    }

    private static void assertEnds(ImapClient client) throws IOException {
        assertThat(client.line()).startsWith("* BYE [EXPIRED]");
        assertThat(client.isOver()).isTrue();
    }

    private static void assertEnds(SmtpClient client) throws IOException {
        assertThat(client.line()).startsWith("421 4.7.0");
    }

    @Test
    void aRevokedDevicePasswordEndsIdleAndSubmissionOnBothNodes() throws IOException {
        String secret = phone.password().reveal();
        List<ImapClient> idle = new ArrayList<>();
        List<SmtpClient> submitting = new ArrayList<>();
        for (MailServer node : List.of(mail.server(), second)) {
            idle.add(idle(node, secret));
            submitting.add(new SmtpClient(node, address, phone.password()));
        }
        try (ImapClient stays = new ImapClient(second, address);
                SmtpClient alsoStays = new SmtpClient(mail.server(), address)) {
            Instant revoked = Instant.now();
            assertThat(mail.directory().devicePasswords().revoke(account, phone.id()))
                    .isTrue();
            for (ImapClient each : idle) {
                assertEnds(each);
            }
            for (SmtpClient each : submitting) {
                assertEnds(each);
            }
            assertThat(Duration.between(revoked, Instant.now())).isLessThan(WITHIN);
            assertThat(stays.say("NOOP").getLast()).contains("OK");
            assertThat(alsoStays.say("NOOP")).startsWith("250");
        }
        try (ImapClient again = ImapClient.greeted(second)) {
            assertThat(again.ask("LOGIN " + address + " " + secret).getLast()).contains("NO [AUTHENTICATIONFAILED]");
        }
        for (ImapClient each : idle) {
            each.close();
        }
        for (SmtpClient each : submitting) {
            each.close();
        }
    }

    @Test
    void aSuspendedAccountsSessionsEnd() throws IOException {
        try (ImapClient byDevice = idle(second, phone.password().reveal());
                ImapClient byPassword = idle(mail.server(), TestMail.SECRET);
                SmtpClient submitting = new SmtpClient(second, address)) {
            Instant suspended = Instant.now();
            mail.directory().provisioning().state(account, Account.State.SUSPENDED);
            assertEnds(byDevice);
            assertEnds(byPassword);
            assertEnds(submitting);
            assertThat(Duration.between(suspended, Instant.now())).isLessThan(WITHIN);
        }
    }

    @Test
    void aConnectionThatIsOverIsNoSessionAnyMore() throws Exception {
        try (ImapClient client =
                new ImapClient(mail.server(), address, phone.password().reveal())) {
            assertThat(mail.directory().sessions().of(account)).hasSize(1);
            client.say("NOOP");
        }
        Instant until = Instant.now().plus(WITHIN);
        while (!mail.directory().sessions().of(account).isEmpty()
                && Instant.now().isBefore(until)) {
            Thread.sleep(20);
        }
        assertThat(mail.directory().sessions().of(account)).isEmpty();
    }
}
