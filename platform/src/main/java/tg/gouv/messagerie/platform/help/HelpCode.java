package tg.gouv.messagerie.platform.help;

import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.platform.language.Messages;

/*
 * A number is read aloud on the telephone, printed in leaflets and found in old messages: it never changes and never comes back for
 * something else. A code tells no more than the reply that carries it: a wrong password, an address that nobody has, an account that
 * is suspended, and the main password where a device's own is asked for are one situation to who is refused. The owner sees the
 * difference in the ledger.
 */
/** A situation that people meet in a mail program, under a number; the replies of SMTP, IMAP, ManageSieve, LDAP and JMAP carry it. */
public enum HelpCode {
    /** Wrong address or password, a suspended account, or the main password where a device's own is asked for. */
    WRONG_SECRET("E01"),
    TOO_MANY_ATTEMPTS("E02"),
    /** The sign-in could not be asked; nothing was said of the password. */
    SIGN_IN_LATER("E03"),
    ENCRYPT_FIRST("E04"),
    SIGN_IN_FIRST("E05"),
    TRY_LATER("E06"),
    /** The server has no room, for anybody. */
    NO_ROOM("E07"),
    /** The own mailbox is full. */
    OVER_QUOTA("E08"),
    /** The mailbox of who should receive is full. */
    RECIPIENT_FULL("E09"),
    TOO_LARGE("E10"),
    UNKNOWN_RECIPIENT("E11"),
    NOT_YOUR_ADDRESS("E12"),
    /** Who did not sign in may not send to others. */
    NO_RELAY("E13"),
    /** This server sends nothing outside its domains. */
    NOTHING_OUTSIDE("E14"),
    TOO_MANY_RECIPIENTS("E15"),
    READ_ONLY("E16"),
    NOT_A_WRITER("E17"),
    NOT_PERMITTED("E18"),
    /** Mail in our name from a place where nobody signs in. */
    OUR_DOMAIN("E19"),
    A_ROOM("E20"),
    DAMAGED("E21"),
    /** A message that is not made as it must be. */
    BAD_MESSAGE("E22"),
    LOOP("E23"),
    /** A name that no mailbox can have. */
    BAD_NAME("E24"),
    /** A filter that cannot be kept as it is. */
    BAD_FILTER("E25");

    private final String number;

    HelpCode(String number) {
        this.number = number;
    }

    /** The number: E and two digits. */
    public String number() {
        return number;
    }

    /** A sentence of a reply, ASCII, with the code after it. */
    public String after(String sentence) {
        return sentence + " (aide " + number + ")";
    }

    /** The code of a number, in any case, as somebody types it. */
    public static Optional<HelpCode> of(String number) {
        for (HelpCode code : values()) {
            if (code.number.equalsIgnoreCase(number.strip())) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }

    /** What it is, in a few words. */
    public String title(Locale language) {
        return text("title", language);
    }

    /** What happened. */
    public String happened(Locale language) {
        return text("happened", language);
    }

    /** What to do. */
    public String toDo(Locale language) {
        return text("do", language);
    }

    private String text(String what, Locale language) {
        return Messages.beside(HelpCode.class, language).text(number + "." + what);
    }
}
