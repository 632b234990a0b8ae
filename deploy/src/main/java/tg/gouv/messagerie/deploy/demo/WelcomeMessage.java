package tg.gouv.messagerie.deploy.demo;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import tg.gouv.messagerie.directory.MailAddress;

/** The message that everybody in the fictitious State finds in their inbox: one message, twenty recipients. */
public final class WelcomeMessage {
    /** From the administrator. */
    public static final MailAddress SENDER = new MailAddress("rachidatou.tchakondo", DemoState.DOMAIN);

    private WelcomeMessage() {}

    /** Who receives it. */
    public static List<MailAddress> recipients() {
        return DemoSheet.addresses().stream().map(MailAddress::of).toList();
    }

    /**
     * The message (RFC 5322), in UTF-8.
     *
     * @param written when it is said to be written
     */
    public static InputStream at(ZonedDateTime written) {
        String text = """
                From: Rachidatou Tchakondo <%s>
                To: =?utf-8?q?Minist=C3=A8re_de_l=27=C3=89nergie?=:;
                Subject: Bienvenue sur la messagerie gouv.tg
                Date: %s
                Message-ID: <bienvenue.%d@%s>
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 8bit
                Content-Language: fr, en

                Chère collègue, cher collègue,

                Voici votre boîte aux lettres. Écrivez à un collègue : il vous lit aussitôt.
                Écrivez à l'extérieur : dans cette démonstration, rien ne quitte la machine, et
                votre message arrive dans la boîte « monde extérieur ».

                La Direction du Budget a une adresse de fonction, directeur.budget@%s : elle
                suit le poste, pas la personne.

                Tout ici est inventé : le ministère, ses agents et leurs noms.

                Rachidatou Tchakondo
                Cheffe du service informatique


                This is your mailbox. Write to a colleague, who reads it at once. In this
                demonstration nothing leaves the machine: what you send outside arrives in the
                mailbox « monde extérieur ». Everything here is invented.
                """.formatted(
                        SENDER,
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(written), // RFC 5322 section 3.3
                        written.toInstant().toEpochMilli(),
                        DemoState.DOMAIN,
                        DemoState.DOMAIN);
        return new ByteArrayInputStream(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
