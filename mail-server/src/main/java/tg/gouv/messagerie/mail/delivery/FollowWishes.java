package tg.gouv.messagerie.mail.delivery;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.vacation.api.Vacation;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/**
 * Does what each recipient wants done with a message: answers for who is away, runs the active script.
 *
 * <p>A wish that cannot be followed never keeps a message from being delivered. When PostgreSQL does not answer, the mailet
 * fails before anything is delivered, so that no filter is passed over.
 */
public final class FollowWishes extends GenericMailet {
    private static final Logger LOG = LoggerFactory.getLogger(FollowWishes.class);

    private final AccountRules rules;
    private final AbsenceAnswers answers;
    private final ScriptRun scripts;
    private final MailSettings settings;
    private final Clock clock;

    /** Follows these rules. */
    @Inject
    public FollowWishes(
            AccountRules rules, AbsenceAnswers answers, ScriptRun scripts, MailSettings settings, Clock clock) {
        this.rules = rules;
        this.answers = answers;
        this.scripts = scripts;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void service(Mail mail) {
        for (MailAddress recipient : List.copyOf(mail.getRecipients())) {
            AccountRules.Wishes wishes = rules.of(recipient);
            wishes.vacation()
                    .filter(vacation -> vacation.isActiveAtDate(ZonedDateTime.now(clock)))
                    .ifPresent(vacation -> follow(
                            recipient, () -> answers.answer(mail, recipient, absence(vacation), getMailetContext())));
            wishes.script()
                    .filter(_ -> !ScriptRun.isNotice(mail))
                    .ifPresent(script ->
                            follow(recipient, () -> scripts.run(mail, recipient, script, getMailetContext())));
        }
    }

    private Absence absence(Vacation vacation) {
        return new Absence(
                AccountRules.JMAP_ABSENCE,
                vacation.getSubject(),
                new Absence.Text.Written(vacation.getTextBody(), vacation.getHtmlBody()),
                Optional.empty(),
                Set.of(),
                clock.instant().plus(settings.absences().answerAgainAfter()));
    }

    @FunctionalInterface
    private interface Wish {
        void follow() throws MessagingException;
    }

    private static void follow(MailAddress recipient, Wish wish) {
        try {
            wish.follow();
        } catch (StoreUnavailable e) {
            throw e;
        } catch (MessagingException | RuntimeException e) {
            LOG.warn("event=wish_not_followed account={}", recipient.asString(), e);
        }
    }
}
