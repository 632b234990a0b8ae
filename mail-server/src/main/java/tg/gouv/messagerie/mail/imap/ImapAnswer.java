package tg.gouv.messagerie.mail.imap;

import org.apache.james.imap.api.Tag;
import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.api.message.response.ImapResponseMessage;
import org.apache.james.imap.api.message.response.StatusResponse;
import org.apache.james.imap.message.response.ImmutableStatusResponse;
import tg.gouv.messagerie.platform.help.HelpCode;

/** What IMAP answers: a response code (RFC 5530) and a sentence in French and English, all ASCII. */
@SuppressWarnings("ImmutableEnumChecker") // a text of James never changes
enum ImapAnswer {
    WRONG_SECRET(
            "[AUTHENTICATIONFAILED] Adresse ou mot de passe incorrect / Invalid credentials", HelpCode.WRONG_SECRET),
    LATER(
            "[UNAVAILABLE] Connexion momentanement impossible, reessayez plus tard / Sign-in is not possible now, try again later",
            HelpCode.SIGN_IN_LATER),
    TOO_MANY_ATTEMPTS(
            "[UNAVAILABLE] Trop d'essais, reessayez plus tard / Too many attempts, try again later",
            HelpCode.TOO_MANY_ATTEMPTS),
    ENCRYPT_FIRST(
            "[PRIVACYREQUIRED] Chiffrez d'abord la connexion / Encrypt the connection first", HelpCode.ENCRYPT_FIRST),
    UNKNOWN_MECHANISM("Mecanisme inconnu / Unknown authentication mechanism"),
    NO_SUCH_NAMESPACE("[NONEXISTENT] Boite inconnue / No such mailbox"),
    READ_ONLY("[NOPERM] Lecture seule / Read only", HelpCode.READ_ONLY),
    TOO_NESTED("[LIMIT] Message imbrique trop profondement / Message nested too deeply", HelpCode.BAD_MESSAGE),
    OVER_QUOTA("[OVERQUOTA] Boite pleine / Over quota", HelpCode.OVER_QUOTA),
    NOT_PERMITTED("[NOPERM] Acces refuse / Not permitted", HelpCode.NOT_PERMITTED),
    MAILBOX_GONE("Boite supprimee / The mailbox was deleted"),
    NO_PERMANENT_FLAGS("[PERMANENTFLAGS ()] Lecture seule / Read only"), // James writes no empty list
    CLOSED("Fermee / Closed"),
    NOT_A_NAME("[CANNOT] Nom de boite refuse / Not a name for a mailbox", HelpCode.BAD_NAME),
    NOT_DONE("Impossible / Cannot be done"),
    AWAY(
            "[UNAVAILABLE] Service momentanement indisponible, reessayez / Temporarily unavailable, try again",
            HelpCode.TRY_LATER),
    NO_ROOM(
            "[UNAVAILABLE] Plus de place sur le serveur, reessayez plus tard / The server has no room left, try again later",
            HelpCode.NO_ROOM),
    DAMAGED(
            "[CONTACTADMIN] Message abime sur le serveur, prevenez l'administrateur / The message is damaged on the server, tell"
                    + " the administrator",
            HelpCode.DAMAGED),
    FAILED("[SERVERBUG] Erreur interne / Internal error"),
    TOO_MANY("Trop d'echecs / Too many failures");

    private final HumanReadableText text;

    ImapAnswer(String text) {
        this.text = new HumanReadableText("tg.gouv.messagerie." + name(), text);
    }

    /** An answer that sends people to a page of the help. */
    ImapAnswer(String text, HelpCode help) {
        this(help.after(text));
    }

    /** The tagged NO. */
    ImapResponseMessage no(Tag tag) {
        return new ImmutableStatusResponse(
                StatusResponse.Type.NO, tag, null, text, null); // James knows no code of RFC 5530
    }

    /**
     * The tagged OK of a STORE that left some messages alone (RFC 7162 section 3.1.3); James writes a number more.
     *
     * @param set of those messages
     */
    static ImapResponseMessage modified(Tag tag, String set) {
        return new ImmutableStatusResponse(
                StatusResponse.Type.OK,
                tag,
                null,
                new HumanReadableText(
                        "tg.gouv.messagerie.MODIFIED",
                        "[MODIFIED " + set + "] Modifie entre-temps / Changed in the meantime"),
                null);
    }

    /** The untagged OK. */
    ImapResponseMessage ok() {
        return new ImmutableStatusResponse(StatusResponse.Type.OK, null, null, text, null);
    }

    /** The untagged OK with a code. */
    ImapResponseMessage ok(StatusResponse.ResponseCode code) {
        return new ImmutableStatusResponse(StatusResponse.Type.OK, null, null, text, code);
    }

    /** The untagged BYE before the end of the connection. */
    ImapResponseMessage bye() {
        return new ImmutableStatusResponse(StatusResponse.Type.BYE, null, null, text, null);
    }
}
