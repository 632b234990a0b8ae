package tg.gouv.messagerie.mail.delivery;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.util.html.HtmlTextExtractor;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.mail.AccountRules;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.platform.language.Messages;

/*
 * Not James's own. His JMAP answer is sent for messages that do not name the recipient, asks two questions for each delivery, and
 * puts the HTML form first; his Sieve answer has no Auto-Submitted, has the absent person as its envelope sender, and is sent for
 * every message. Two such accounts answer each other for ever.
 */
/** Tells senders of an absence, as RFC 3834 and RFC 5230 allow: persons only, once in a while, from the null reverse-path. */
final class AbsenceAnswers {
    private final Directory directory;
    private final AccountRules rules;
    private final HtmlTextExtractor texts;
    private final Clock clock;
    private final String hostName;
    private final Messages sentences = Messages.beside(AbsenceAnswers.class, Locale.FRENCH);

    @Inject
    AbsenceAnswers(
            Directory directory, AccountRules rules, HtmlTextExtractor texts, Clock clock, MailSettings settings) {
        this.directory = directory;
        this.rules = rules;
        this.texts = texts;
        this.clock = clock;
        this.hostName = settings.hostName();
    }

    /**
     * Queues an answer, if the message is one to be answered. The answer and the note that the sender was told are durable with the
     * delivery on the calling thread: a crash before that leaves neither.
     */
    void answer(Mail mail, MailAddress recipient, Absence absence, MailetContext context) throws MessagingException {
        Optional<Account> account = tg.gouv.messagerie.directory.MailAddress.parse(recipient.asString())
                .flatMap(directory::byAddress);
        if (account.isEmpty()) {
            return;
        }
        Set<tg.gouv.messagerie.directory.MailAddress> own = Stream.concat(
                        account.get().addresses().stream(), absence.alsoFor().stream())
                .collect(Collectors.toSet());
        if (!PersonalMail.is(mail, own)) {
            return;
        }
        MailAddress sender = mail.getMaybeSender().get();
        if (rules.isFirst(recipient, absence.key(), sender, absence.until())) {
            context.sendMail(
                    MailAddress.nullSender(), // RFC 3834 section 3.3
                    List.of(sender),
                    message(mail, account.get(), recipient, absence));
        }
    }

    private AutomaticMessage message(Mail mail, Account account, MailAddress recipient, Absence absence)
            throws MessagingException {
        String from = absence.from()
                .filter(asked -> account.addresses().contains(asked.withoutDetail())) // nobody answers as somebody else
                .map(Object::toString)
                .orElse(recipient.asString());
        AutomaticMessage answer = new AutomaticMessage(
                        AutomaticMessage.REPLIED, from, mail.getMaybeSender().asString(), clock.instant(), hostName)
                .answering(mail.getMessage())
                .titled(absence.subject()
                        .filter(subject -> !subject.isBlank())
                        .orElseGet(() -> "Auto: " + subject(mail))); // RFC 5230 section 5.4
        return switch (absence.text()) {
            case Absence.Text.Entity entity -> answer.sayingEntity(entity.mime());
            case Absence.Text.Written written -> said(answer, written);
        };
    }

    private static String subject(Mail mail) {
        try {
            return Optional.ofNullable(mail.getMessage().getSubject()).orElse("");
        } catch (MessagingException _) {
            return "";
        }
    }

    private AutomaticMessage said(AutomaticMessage answer, Absence.Text.Written written) throws MessagingException {
        Optional<String> plain = written.plain().filter(text -> !text.isBlank());
        if (written.html().isPresent()) {
            String html = written.html().get();
            return answer.saying(plain.orElseGet(() -> texts.toPlainText(html)), html);
        }
        return answer.saying(plain.orElseGet(() -> sentences.text("absent")));
    }
}
