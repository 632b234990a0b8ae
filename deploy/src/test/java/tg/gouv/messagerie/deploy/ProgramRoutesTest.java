package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static tg.gouv.messagerie.deploy.TestProgram.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.deploy.command.RunningRoutes;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Provisioning;

/** What follows an act, in the whole program: real mail, real PostgreSQL. */
class ProgramRoutesTest {
    private static final List<String> MAILBOXES = List.of("Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash");

    @TempDir
    private static Path folder;

    private static TestProgram running;
    private static Provisioning provisioning;

    @BeforeAll
    static void start() throws Exception {
        running = new TestProgram(folder);
        provisioning = running.program().provisioning();
        provisioning.domain("gouv.tg");
        provisioning.entity(new Entity(new EntityCode("energie"), "Ministère de l'Énergie", Optional.empty()));
        provisioning.position(new Position(new PositionCode("directeur"), "Directeur", new EntityCode("energie")));
        administrator(); // before anything is found: a letter to nobody is not delivered
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @Test
    void whoseAccountBecomesActiveFindsMailboxesAndOneWelcomeInTheirLanguageFirst() {
        AccountId account = person("afi.lawson", "Afi", "Lawson", Locale.ENGLISH);

        await("the welcome", () -> messages(account) == 1);
        assertThat(mailboxes(account)).isEqualTo(MAILBOXES);
        assertThat(subscriptions(account)).isEqualTo(6);
        assertThat(running.texts(
                        "select convert_from(m.header, 'UTF8') from mail.mailbox_message x join mail.mailbox b"
                                + " on b.id = x.mailbox_id join mail.message m on m.id = x.message_id where b.owner_id = ?",
                        account.value()))
                .singleElement()
                .asString()
                .contains(
                        "Return-Path: <>",
                        "Auto-Submitted: auto-generated",
                        "From: Messagerie <rachidatou.tchakondo@gouv.tg>",
                        "To: afi.lawson@gouv.tg",
                        "Subject: Welcome to the mail of gouv.tg");
    }

    @Test
    void aFunctionMailboxHasItsMailboxesAndNoWelcome() {
        AccountId account = provisioning.functionMailbox(
                new FunctionMailbox(MailAddress.of("directeur@gouv.tg"), "Directeur", new PositionCode("directeur")));

        await("the mailboxes", () -> mailboxes(account).equals(MAILBOXES));
        await("the end of the work", () -> waiting("account-activated") == 0);
        assertThat(messages(account)).isZero();
    }

    @Test
    void whatIsDoneAgainMakesNothingTwice() {
        AccountId account = person("kossi.amegan", "Kossi", "Amégan", Locale.FRENCH);
        await("the welcome", () -> messages(account) == 1);

        person("kossi.amegan", "Kossi", "Amegan", Locale.FRENCH);
        running.sql("delete from mail.mailbox where owner_id = ? and name = 'Archive'", account.value());
        add(new UUID(0, 1), "{\"account\":\"" + account + "\",\"person\":false,\"address\":\"kossi.amegan@gouv.tg\"}");

        await("the end of the work", () -> waiting("account-activated") == 0);
        assertThat(mailboxes(account)).as("a mailbox that its owner deleted").doesNotContain("Archive");
        assertThat(messages(account)).isOne();
    }

    @Test
    void mailboxesAreNotMadeWithoutTheWelcome() {
        UUID nobody = UUID.randomUUID();
        // A welcome in no language.
        add(nobody, "{\"account\":\"" + nobody + "\",\"person\":true,\"address\":\"x@gouv.tg\",\"name\":\"X\"}");

        await(
                "a failed attempt",
                () -> running.number("select count(*) from platform.outbox where id = ? and error is not null", nobody)
                        == 1);
        assertThat(running.number("select count(*) from mail.mailbox where owner_id = ?", nobody))
                .isZero();
        running.sql("delete from platform.outbox where id = ?", nobody);
    }

    @Test
    void administratorsAreToldOnceOfDeadLettersOfATopicUntilTheyAreGone() {
        AccountId administrator = administrator();
        dead("calendar-invitation", "the other server said 550");
        await("a letter", () -> titled(administrator, "%(calendar-invitation)%") == 1);

        dead("calendar-invitation", "and again");
        dead("notice-sent", "no such person");
        await("a letter on the other topic", () -> titled(administrator, "%(notice-sent)%") == 1);
        assertThat(titled(administrator, "%(calendar-invitation)%")).isOne();

        running.sql("delete from platform.outbox_dead");
        await(
                "nothing is found",
                () -> running.number("select count(*) from platform.told where finding like 'dead-letters:%'") == 0);
        dead("calendar-invitation", "once more");
        await("a letter, since it was over", () -> titled(administrator, "%(calendar-invitation)%") == 2);
    }

    @Test
    void administratorsAreToldOnceThatTheCertificateEnds() {
        AccountId administrator = administrator();

        running.sql("delete from platform.told where finding like 'certificate:%'"); // found before there was anybody
        await("a letter", () -> titled(administrator, "%certificat se termine%") >= 1);
        dead("certificate-test", "to see that it looked again");
        await("the next look", () -> titled(administrator, "%(certificate-test)%") == 1);
        await(
                "what was told is delivered, in whatever order",
                () -> running.number(
                                "select (select count(*) from platform.outbox) + (select count(*) from mail.queue_mail)")
                        == 0);
        long told =
                titled(administrator, "%certificat se termine%"); // 2 if the first look found the administrator already

        dead("certificate-test-again", "to see that it looked once more");
        await("the look after", () -> titled(administrator, "%(certificate-test-again)%") == 1);
        assertThat(titled(administrator, "%certificat se termine%")).isEqualTo(told);
        running.sql("delete from platform.outbox_dead where topic like 'certificate-test%'");
    }

    @Test
    void aReplayIsAuditedWithWhoAndWhyInItsTransaction() {
        RunningRoutes routes = running.program().routes();
        dead("once-replayed", "no such person");
        RunningRoutes.GivenUp letter =
                routes.deadLetters(Optional.of("once-replayed"), 10).getFirst();
        assertThat(letter.cause()).isEqualTo("no such person");

        assertThat(routes.replay(UUID.fromString(letter.id()), "root", "it was mended"))
                .isOne();
        assertThat(routes.replay(UUID.fromString(letter.id()), "root", "twice")).isZero();
        dead("once-replayed", "again");
        assertThat(routes.replayAll("once-replayed", "kofi", "all of them")).isOne();

        await("the audit trail", () -> audited("outbox-replay").size() == 2);
        assertThat(audited("outbox-replay"))
                .containsExactly(
                        "system-user:root message:" + letter.id() + " reason:it was mended",
                        "system-user:kofi topic:once-replayed reason:all of them");
        assertThat(routes.states())
                .filteredOn(it -> it.topic().equals("once-replayed"))
                .singleElement()
                .satisfies(it -> assertThat(it.waiting()).isEqualTo(2));
        running.sql("delete from platform.outbox where topic = 'once-replayed'");
    }

    @Test
    void routesTellTheirStepsAndWhatTheyDid() {
        AccountId account = person("yawa.sanvee", "Yawa", "Sanvee", Locale.FRENCH);
        await("the welcome", () -> messages(account) == 1);

        assertThat(running.program().routes().states())
                .filteredOn(it -> it.topic().equals("account-activated"))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.steps()).containsExactly("default-mailboxes", "welcome");
                    assertThat(it.work()).isEqualTo("transacted");
                    assertThat(it.handled()).isPositive();
                    assertThat(it.lastHour()).isPositive();
                });
        assertThat(running.metrics()).containsPattern("route_handled_messages\\{route=\"account-activated\"\\} [1-9]");
    }

    private static List<String> audited(String act) {
        return running.texts(
                "select actor || ' ' || subject || ' ' || counterpart from platform.audit_event where act = ? order by number",
                act);
    }

    private static AccountId administrator() {
        return person("rachidatou.tchakondo", "Rachidatou", "Tchakondo", Locale.FRENCH);
    }

    private static void dead(String topic, String error) {
        running.sql(
                "insert into platform.outbox_dead(number, id, topic, payload, attempts, error)"
                        + " values (nextval('platform.outbox_number'), gen_random_uuid(), ?, '{}', 12, ?)",
                topic,
                error);
    }

    private static long titled(AccountId account, String subject) {
        return running.number(
                "select count(*) from mail.mailbox_message x join mail.mailbox b on b.id = x.mailbox_id"
                        + " join mail.message m on m.id = x.message_id where b.owner_id = ? and m.base_subject ilike ?",
                account.value(),
                subject);
    }

    private static void add(UUID id, String payload) {
        running.sql(
                "insert into platform.outbox(id, topic, payload, due) values (?, 'account-activated', ?, now())",
                id,
                payload);
    }

    private static AccountId person(String local, String given, String family, Locale language) {
        return provisioning.person(new Person(
                Optional.empty(),
                new PersonName(given, family),
                MailAddress.of(local + "@gouv.tg"),
                language,
                Optional.empty()));
    }

    private static List<String> mailboxes(AccountId account) {
        return running.texts(
                "select name from mail.mailbox where owner_id = ? order by name collate \"C\"", account.value());
    }

    private static long subscriptions(AccountId account) {
        return running.number("select count(*) from mail.subscription where owner_id = ?", account.value());
    }

    private static long messages(AccountId account) {
        return running.number(
                "select count(*) from mail.mailbox_message m join mail.mailbox b on b.id = m.mailbox_id where b.owner_id = ?",
                account.value());
    }

    private static long waiting(String topic) {
        return running.number("select count(*) from platform.outbox where topic = ?", topic);
    }
}
