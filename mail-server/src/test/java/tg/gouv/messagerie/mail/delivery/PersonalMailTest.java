package tg.gouv.messagerie.mail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.Set;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.mailet.base.test.FakeMail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.MailAddress;

/** Which messages a program may answer. */
class PersonalMailTest {
    private static final Set<MailAddress> OWN =
            Set.of(MailAddress.of("kofi@energie.gouv.test"), MailAddress.of("kofi.mensah@energie.gouv.test"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "To: kofi@energie.gouv.test",
                "To: Kofi <KOFI@energie.gouv.test>, autre@example.org",
                "Cc: equipe: x@example.org, kofi.mensah+projets@energie.gouv.test;",
                "Resent-To: <kofi@energie.gouv.test>",
                "To: kofi@energie.gouv.test\r\nAuto-Submitted: no",
                "To: kofi@energie.gouv.test\r\nAuto-Submitted: No; reason=x",
                "To: kofi@energie.gouv.test\r\nListe: non"
            })
    void isAnsweredWhenAPersonWroteToThePersonByName(String header) throws MessagingException {
        assertThat(PersonalMail.is(mail("ama@example.org", header), OWN)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "To: undisclosed-recipients:;",
                "To: autre@example.org",
                "Subject: personne",
                "To: kofi@energie.gouv.test\r\nAuto-Submitted: auto-replied",
                "To: kofi@energie.gouv.test\r\nAuto-Submitted: auto-generated (rapport)",
                "To: kofi@energie.gouv.test\r\nauto-submitted: inconnu",
                "To: kofi@energie.gouv.test\r\nPrecedence: Bulk",
                "To: kofi@energie.gouv.test\r\nList-Id: <liste.example.org>",
                "To: kofi@energie.gouv.test\r\nList-Unsubscribe: <mailto:x@example.org>",
                "To: kofi@energie.gouv.test\r\nContent-Type: multipart/report; boundary=x"
            })
    void isNotAnsweredWhenAProgramOrAListSentIt(String header) throws MessagingException {
        assertThat(PersonalMail.is(mail("ama@example.org", header), OWN)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "owner-liste@example.org",
                "liste-request@example.org",
                "MAILER-DAEMON@example.org",
                "noreply@example.org",
                "alerte-no-reply@example.org",
                "bounces+123@example.org",
                "kofi@energie.gouv.test",
                "kofi.mensah+x@energie.gouv.test"
            })
    void isNotAnsweredToAProgramNorToOneself(String sender) throws MessagingException {
        assertThat(PersonalMail.is(mail(sender, "To: kofi@energie.gouv.test"), OWN))
                .isFalse();
    }

    @Test
    void isNotAnsweredToTheNullReversePath() throws MessagingException {
        FakeMail mail = FakeMail.builder()
                .name("x")
                .mimeMessage(message("To: kofi@energie.gouv.test"))
                .build();
        assertThat(PersonalMail.is(mail, OWN)).isFalse();
    }

    private static FakeMail mail(String sender, String header) throws MessagingException {
        return FakeMail.builder()
                .name("x")
                .sender(sender)
                .mimeMessage(message(header))
                .build();
    }

    private static MimeMessage message(String header) throws MessagingException {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream((header + "\r\n\r\nx\r\n").getBytes(StandardCharsets.US_ASCII)));
    }
}
