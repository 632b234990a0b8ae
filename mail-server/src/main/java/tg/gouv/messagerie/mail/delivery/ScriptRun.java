package tg.gouv.messagerie.mail.delivery;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailbox.model.MailboxConstants;
import org.apache.james.server.core.MailImpl;
import org.apache.james.transport.mailets.jsieve.ActionContext;
import org.apache.james.transport.mailets.jsieve.ActionDispatcher;
import org.apache.james.transport.mailets.jsieve.DiscardAction;
import org.apache.james.transport.mailets.jsieve.SieveMailAdapter;
import org.apache.james.transport.mailets.jsieve.delivery.SievePoster;
import org.apache.james.user.api.UsersRepository;
import org.apache.jsieve.ConfigurationManager;
import org.apache.jsieve.SieveConfigurationException;
import org.apache.jsieve.SieveFactory;
import org.apache.jsieve.exception.SieveException;
import org.apache.jsieve.mail.Action;
import org.apache.jsieve.mail.ActionFileInto;
import org.apache.jsieve.mail.ActionKeep;
import org.apache.jsieve.mail.ActionRedirect;
import org.apache.jsieve.mail.optional.ActionVacation;
import org.apache.jsieve.parser.generated.ParseException;
import org.apache.jsieve.parser.generated.TokenMgrError;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.mail.AccountRules;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.Trouble;
import tg.gouv.messagerie.platform.language.Messages;

/*
 * As James's SieveExecutor, with these differences: the script came with the account's other wishes in one statement; vacation
 * and redirect are ours, since two people who redirect to each other kept James busy for ever; a script that fails is told
 * once a day, in a message that says it is a program's.
 */
/** Runs an account's script on a message; James's mail actions, our vacation and redirect. */
final class ScriptRun {
    private static final Logger LOG = LoggerFactory.getLogger(ScriptRun.class);

    /** RFC 5230 section 4.1 lets a site bound :days. */
    private static final int DAYS_MAX = 30;

    private static final AttributeName NOTICE = AttributeName.of("messagerie.script-failed");
    private static final String FAILED = "script-failed";
    private static final Duration TOLD_AGAIN = Duration.ofDays(1);

    private final SieveFactory sieve = sieve();
    private final SievePoster poster;
    private final Directory directory;
    private final AbsenceAnswers answers;
    private final AccountRules rules;
    private final MailSettings settings;
    private final Clock clock;

    @Inject
    ScriptRun(
            UsersRepository users,
            Directory directory,
            AbsenceAnswers answers,
            AccountRules rules,
            MailSettings settings,
            Clock clock) {
        this.directory = directory;
        this.poster = new SievePoster(users, MailboxConstants.INBOX);
        this.answers = answers;
        this.rules = rules;
        this.settings = settings;
        this.clock = clock;
    }

    private static SieveFactory sieve() {
        try {
            return new ConfigurationManager().build();
        } catch (SieveConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs the script; when it fails the message stays as it is, to be kept, and the account is told.
     *
     * @throws MessagingException if what the script asks could not be done for want of PostgreSQL or of an object: it did not fail
     */
    void run(Mail mail, MailAddress recipient, AccountRules.Script script, MailetContext context)
            throws MessagingException {
        ActionDispatcher actions = new ActionDispatcher();
        actions.getMethodMap()
                .put(
                        ActionVacation.class,
                        (action, message, about) -> vacation((ActionVacation) action, message, about, context));
        Redirect redirect = new Redirect(settings.managesieve().redirectsMax(), this::mayBeRedirectedTo);
        actions.getMethodMap().put(ActionRedirect.class, redirect);
        SieveMailAdapter adapter = new SieveMailAdapter(
                mail, context, actions, poster, script.active(), ZonedDateTime.now(clock), recipient);
        try {
            sieve.evaluate(adapter, sieve.parse(new ByteArrayInputStream(script.content())));
            if (redirect.isDone() && adapter.getActions().stream().noneMatch(ScriptRun::isFiled)) {
                DiscardAction.removeRecipient(mail, adapter); // RFC 5228 section 2.10.2: no implicit keep
            }
        } catch (SieveException | ParseException | TokenMgrError e) {
            if (Trouble.of(e) != Trouble.OURS) {
                throw new MessagingException("the script could not be run", new IllegalStateException(e));
            }
            LOG.info("event=script_failed account={}", recipient.asString(), e);
            tell(recipient, e, context);
        }
    }

    private static boolean isFiled(Action action) {
        return action instanceof ActionKeep || action instanceof ActionFileInto;
    }

    private boolean mayBeRedirectedTo(MailAddress address) {
        return settings.managesieve().redirectsOutside()
                || directory.domains().contains(address.getDomain().asString().toLowerCase(Locale.ROOT));
    }

    private void vacation(ActionVacation vacation, Mail mail, ActionContext about, MailetContext context)
            throws MessagingException {
        long days = Math.clamp(
                vacation.getDuration(), settings.absences().answerAgainAfter().toDays(), DAYS_MAX);
        Absence absence = new Absence(
                key(vacation),
                Optional.ofNullable(vacation.getSubject()),
                text(vacation),
                Optional.ofNullable(vacation.getFrom()).flatMap(ScriptRun::address),
                vacation.getAddresses().stream()
                        .flatMap(each -> address(each).stream())
                        .collect(Collectors.toSet()),
                clock.instant().plus(Duration.ofDays(days)));
        answers.answer(mail, about.getRecipient(), absence, context);
    }

    private static Absence.Text text(ActionVacation vacation) {
        return Optional.ofNullable(vacation.getMime())
                .<Absence.Text>map(Absence.Text.Entity::new)
                .orElseGet(() -> new Absence.Text.Written(Optional.ofNullable(vacation.getReason()), Optional.empty()));
    }

    private static Optional<tg.gouv.messagerie.directory.MailAddress> address(String text) {
        return tg.gouv.messagerie.directory.MailAddress.parse(text);
    }

    /** RFC 5230 section 4.2: the handle, else everything that is said. */
    private static String key(ActionVacation vacation) {
        String said = vacation.getHandle() == null
                ? "said:" + vacation.getSubject() + '\n' + vacation.getFrom() + '\n' + vacation.getMime() + '\n'
                        + vacation.getReason()
                : "handle:" + vacation.getHandle();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(said.getBytes(StandardCharsets.UTF_8));
            return "sieve:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void tell(MailAddress account, Throwable failure, MailetContext context) throws MessagingException {
        Instant now = clock.instant();
        if (!rules.isFirst(account, FAILED, account, now.plus(TOLD_AGAIN))) {
            return;
        }
        Messages french = Messages.beside(ScriptRun.class, Locale.FRENCH);
        Messages english = Messages.beside(ScriptRun.class, Locale.ENGLISH);
        String cause = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        MailImpl notice = MailImpl.builder()
                .name(MailImpl.getId())
                .sender(MailAddress.nullSender())
                .addRecipient(account)
                .addAttribute(new Attribute(NOTICE, AttributeValue.of(true)))
                .mimeMessage(new AutomaticMessage(
                                AutomaticMessage.GENERATED,
                                "postmaster@" + settings.hostName(),
                                account.asString(),
                                now,
                                settings.hostName())
                        .titled(french.text("script.failed.subject"))
                        .saying(french.text("script.failed", cause) + "\r\n\r\n"
                                + english.text("script.failed", cause)))
                .build();
        try {
            context.sendMail(notice);
        } finally {
            LifecycleUtil.dispose(notice);
        }
    }

    /** Whether a mail tells its recipient that his script failed: that script is not run on it. */
    static boolean isNotice(Mail mail) {
        return mail.getAttribute(NOTICE).isPresent();
    }
}
