package tg.gouv.messagerie.mail.smtp;

import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPResponse;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import tg.gouv.messagerie.platform.help.HelpCode;

/**
 * What SMTP answers: a reply code (RFC 5321), an enhanced one (RFC 3463) and a sentence in French and English, all ASCII. The
 * only place where outcomes become bytes.
 */
public enum SmtpReply {
    SIGNED_IN("235", "2.7.0", "Bienvenue / Authentication successful"),
    ACCEPTED("250", "2.6.0", "Message accepte / Message accepted"),

    TRY_LATER(
            "451",
            "4.3.0",
            "Service momentanement indisponible, reessayez / Temporarily unavailable, try again",
            HelpCode.TRY_LATER),
    NO_ROOM(
            "452",
            "4.3.1",
            "Plus de place sur le serveur, reessayez / Insufficient system storage, try again",
            HelpCode.NO_ROOM),
    MAILBOX_FULL_NOW("452", "4.2.2", "Boite du destinataire pleine / Mailbox full", HelpCode.RECIPIENT_FULL),
    TOO_MANY_RECIPIENTS("452", "4.5.3", "Trop de destinataires / Too many recipients", HelpCode.TOO_MANY_RECIPIENTS),
    TOO_MANY_ATTEMPTS(
            "454",
            "4.7.0",
            "Trop d'essais, reessayez plus tard / Too many attempts, try again later",
            HelpCode.TOO_MANY_ATTEMPTS),
    SIGN_IN_LATER(
            "454",
            "4.7.0",
            "Connexion momentanement impossible, reessayez plus tard / Sign-in is not possible now, try again later",
            HelpCode.SIGN_IN_LATER),

    NOT_BASE64("501", "5.5.2", "Reponse illisible / Response cannot be decoded"),
    NO_ADDRESS("501", "5.1.3", "Adresse illisible / Address cannot be read"),
    BAD_PARAMETER("501", "5.5.4", "Parametre illisible / Parameter cannot be read"),
    CANCELLED("501", "5.7.0", "Connexion annulee / Authentication cancelled"),
    ALREADY_SIGNED_IN("503", "5.5.1", "Deja connecte / Already authenticated"),
    NOT_DURING_MAIL("503", "5.5.1", "Pas pendant un envoi / Not during a mail transaction"),
    UNKNOWN_MECHANISM("504", "5.5.4", "Mecanisme inconnu / Unknown authentication mechanism"),
    SIGN_IN_FIRST("530", "5.7.0", "Connectez-vous d'abord / Authentication required", HelpCode.SIGN_IN_FIRST),
    WRONG_SECRET(
            "535",
            "5.7.8",
            "Adresse ou mot de passe incorrect / Authentication credentials invalid",
            HelpCode.WRONG_SECRET),
    ENCRYPT_FIRST(
            "538",
            "5.7.11",
            "Chiffrez d'abord la connexion / Encryption required for authentication",
            HelpCode.ENCRYPT_FIRST),
    UNKNOWN_RECIPIENT("550", "5.1.1", "Adresse inconnue / No such mailbox", HelpCode.UNKNOWN_RECIPIENT),
    A_ROOM("550", "5.7.1", "Une salle se reserve par l'agenda / A room is booked with a calendar", HelpCode.A_ROOM),
    NO_RELAY("550", "5.7.1", "Relais refuse / Relaying denied", HelpCode.NO_RELAY),
    NOTHING_OUTSIDE(
            "550",
            "5.7.1",
            "Ce serveur n'envoie pas hors de ses domaines / This server sends nothing outside its domains",
            HelpCode.NOTHING_OUTSIDE),
    NOT_YOUR_ADDRESS(
            "550",
            "5.7.1",
            "Cette adresse d'expediteur n'est pas la votre / This sender address is not yours",
            HelpCode.NOT_YOUR_ADDRESS),
    NOT_A_WRITER(
            "550",
            "5.7.2",
            "Vous ne pouvez pas ecrire a cette liste / You are not allowed to write to this list",
            HelpCode.NOT_A_WRITER),
    OUR_DOMAIN(
            "550",
            "5.7.1",
            "Expediteur de nos domaines: utilisez le port 465 ou 587 / Sender in our domains: use port 465 or 587",
            HelpCode.OUR_DOMAIN),
    ONE_FROM("550", "5.6.0", "Il faut un seul champ From / There must be exactly one From field", HelpCode.BAD_MESSAGE),
    UNKNOWN_PARAMETER("555", "5.5.4", "Parametre inconnu / Unknown parameter"),
    MAILBOX_FULL("552", "5.2.2", "Boite du destinataire pleine / Mailbox full", HelpCode.RECIPIENT_FULL),
    TOO_LARGE("552", "5.3.4", "Message trop grand / Message too large", HelpCode.TOO_LARGE),
    BARE_LINE_END("550", "5.6.11", "Fin de ligne isolee (CR ou LF) / Bare CR or LF", HelpCode.BAD_MESSAGE),
    TOO_NESTED("554", "5.6.0", "Message imbrique trop profondement / Message nested too deeply", HelpCode.BAD_MESSAGE),
    NUL("554", "5.6.0", "Octet nul dans le message / NUL octet in the message", HelpCode.BAD_MESSAGE),
    LOOP("554", "5.4.6", "Boucle de courrier / Mail loop", HelpCode.LOOP);

    private final String code;
    private final String text;

    SmtpReply(String code, String enhanced, String sentence) {
        this.code = code;
        this.text = enhanced + " " + sentence;
    }

    /** An answer that sends people to a page of the help. */
    SmtpReply(String code, String enhanced, String sentence, HelpCode help) {
        this(code, enhanced, help.after(sentence));
    }

    /** Code and text. */
    String line() {
        return code + " " + text;
    }

    /** The answer to a command. */
    public Response response() {
        return new SMTPResponse(code, text);
    }

    /** The answer to a command, after which the connection ends. */
    public Response last() {
        SMTPResponse response = new SMTPResponse(code, text);
        response.setEndSession(true);
        return response;
    }

    /** The same as the outcome of a hook. */
    public HookResult hook() {
        return HookResult.builder()
                .hookReturnCode(HookReturnCode.connected(action()))
                .smtpReturnCode(code)
                .smtpDescription(text)
                .build();
    }

    private HookReturnCode.Action action() {
        return switch (code.charAt(0)) {
            case '2' -> HookReturnCode.Action.OK;
            case '4' -> HookReturnCode.Action.DENYSOFT;
            default -> HookReturnCode.Action.DENY;
        };
    }
}
