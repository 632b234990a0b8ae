package tg.gouv.messagerie.mail.delivery;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.vacation.api.Vacation;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.mail.AccountRules;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.Trouble;

/**
 * Does what a recipient wants done with a message: answers for who is away, runs the active script.
 *
 * <p>A wish that cannot be followed never keeps a message from being delivered. When PostgreSQL or the blob store does not answer, this
 * fails before anything is delivered, so that no filter is passed over.
 */
final class RecipientWishes {
    private static final Logger LOG = LoggerFactory.getLogger(RecipientWishes.class);

    private final Directory directory;
    private final AccountRules rules;
    private final AbsenceAnswers answers;
    private final ScriptRun scripts;
    private final MailSettings settings;
    private final Clock clock;

    @Inject
    RecipientWishes(
            Directory directory,
            AccountRules rules,
            AbsenceAnswers answers,
            ScriptRun scripts,
            MailSettings settings,
            Clock clock) {
        this.directory = directory;
        this.rules = rules;
        this.answers = answers;
        this.scripts = scripts;
        this.settings = settings;
        this.clock = clock;
    }

    /** Follows the wishes of one recipient; who is no more among the recipients of the mail afterwards wants nothing filed. */
    void follow(Mail mail, MailAddress recipient, MailetContext context) throws MessagingException {
        AccountRules.Wishes wishes = rules.of(recipient);
        Optional<Vacation> vacation = wishes.vacation().filter(it -> it.isActiveAtDate(ZonedDateTime.now(clock)));
        if (vacation.isPresent()) {
            Optional<String> other = wishes.outside().filter(_ -> isFromOutside(mail));
            if (other.isEmpty()) {
                follow(recipient, () -> answers.answer(mail, recipient, absence(vacation.get()), context));
            } else if (!other.get().isBlank()) {
                follow(recipient, () -> answers.answer(mail, recipient, absenceOutside(other.get()), context));
            }
        }
        Optional<AccountRules.Script> script = wishes.script().filter(_ -> !ScriptRun.isNotice(mail));
        if (script.isPresent()) {
            follow(recipient, () -> scripts.run(mail, recipient, script.get(), context));
        }
    }

    /** What goes to an address of ours is read by one of ours, whoever wrote it there. */
    private boolean isFromOutside(Mail mail) {
        return mail.getMaybeSender()
                .asOptional()
                .filter(sender -> directory
                        .domains()
                        .contains(sender.getDomain().asString().toLowerCase(Locale.ROOT)))
                .isEmpty();
    }

    private Absence absence(Vacation vacation) {
        return absence(vacation.getSubject(), new Absence.Text.Written(vacation.getTextBody(), vacation.getHtmlBody()));
    }

    private Absence absenceOutside(String text) {
        return absence(Optional.empty(), new Absence.Text.Written(Optional.of(text), Optional.empty()));
    }

    private Absence absence(Optional<String> subject, Absence.Text text) {
        return new Absence(
                AccountRules.JMAP_ABSENCE,
                subject,
                text,
                Optional.empty(),
                Set.of(),
                clock.instant().plus(settings.absences().answerAgainAfter()));
    }

    @FunctionalInterface
    private interface Wish {
        void follow() throws MessagingException;
    }

    private static void follow(MailAddress recipient, Wish wish) throws MessagingException {
        try {
            wish.follow();
        } catch (MessagingException | RuntimeException e) {
            if (Trouble.of(e) != Trouble.OURS) {
                throw e; // it could not be asked what is wished: to be tried again, not passed over
            }
            LOG.warn("event=wish_not_followed account={}", recipient.asString(), e);
        }
    }
}
