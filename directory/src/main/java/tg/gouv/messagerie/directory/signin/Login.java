package tg.gouv.messagerie.directory.signin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * What somebody gave as user name: {@code holder}, or {@code function*holder}.
 *
 * @param function the address of a function mailbox, if the login asks for one
 * @param asksForFunction whether it does, even by something that is no address
 * @param holder the address of the person whose secret is given; empty if it is no address
 * @param nobody stands for the holder if nobody has that address
 */
record Login(Optional<MailAddress> function, boolean asksForFunction, Optional<MailAddress> holder, UUID nobody) {
    /** Longer than two addresses of RFC 5321 section 4.5.3.1; what is beyond tells nothing. */
    private static final int CHARACTERS_MAX = 700;

    /** The same, of a holder whom a token names; a bare address that is not the holder's is a function's to open. */
    Login by(String name) {
        Optional<MailAddress> named = MailAddress.parse(name);
        return new Login(
                asksForFunction ? function : holder.filter(it -> !named.equals(Optional.of(it))),
                asksForFunction,
                named,
                nobody(name.toLowerCase(Locale.ROOT)));
    }

    static Login of(String text) {
        String login =
                text.substring(0, Math.min(text.length(), CHARACTERS_MAX)).strip();
        int star = login.indexOf('*');
        String holder = login.substring(star + 1);
        return new Login(
                star < 0 ? Optional.empty() : MailAddress.parse(login.substring(0, star)),
                star >= 0,
                MailAddress.parse(holder),
                nobody(holder.toLowerCase(Locale.ROOT)));
    }

    /**
     * A subject to count wrong logins by: a UUID of version 8 (RFC 9562 section 5.8) of 32 bits of their digest. That tells the
     * logins of one network apart, and does not give away a password typed into the wrong field.
     */
    private static UUID nobody(String login) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(login.getBytes(StandardCharsets.UTF_8));
            long head = Integer.toUnsignedLong(ByteBuffer.wrap(digest).getInt());
            return new UUID(head << 32 | 0x8000, Long.MIN_VALUE);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
