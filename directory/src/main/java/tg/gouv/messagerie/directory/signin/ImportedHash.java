package tg.gouv.messagerie.directory.signin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/*
 * What is not here is refused when it comes, by its scheme's name: hashes without salt ({SHA}, {MD5}), the crypt of eight characters,
 * clear text, and costs above the bounds, which would let whoever types wrong passwords keep a processor for seconds.
 */
/**
 * A password's hash as another directory kept it ({@code userPassword}, RFC 2307 section 5.3): salted SHA, crypt with MD5, SHA-2 or
 * bcrypt, PBKDF2 as OpenLDAP and 389 Directory Server write it. It serves until its owner signs in; from then on the hash is ours.
 */
@FunctionalInterface
interface ImportedHash {
    /** Whether it was made of this secret; takes the same time for every secret of a length. */
    boolean fits(byte[] secret);

    /** Whether to compare costs less than to wait for a turn. */
    default boolean isQuick() {
        return false;
    }

    /** Reads what another directory wrote; empty if it is of no scheme that is taken, or costs more than is allowed. */
    static Optional<ImportedHash> parse(String written) {
        Matcher parts = Schemes.WRITTEN.matcher(written);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String value = parts.group(2);
        try {
            return switch (parts.group(1).toUpperCase(Locale.ROOT)) {
                case "SSHA" -> Schemes.salted("SHA-1", value);
                case "SSHA256" -> Schemes.salted("SHA-256", value);
                case "SSHA512" -> Schemes.salted("SHA-512", value);
                case "CRYPT" -> Schemes.crypt(value);
                case "PBKDF2", "PBKDF2-SHA1" -> Schemes.pbkdf2(new SHA1Digest(), value);
                case "PBKDF2-SHA256" -> Schemes.pbkdf2(new SHA256Digest(), value);
                case "PBKDF2-SHA512" -> Schemes.pbkdf2(new SHA512Digest(), value);
                case "PBKDF2_SHA256" -> Schemes.pbkdf2Of389(value);
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Writes {@code {SSHA256}}, as OpenLDAP's pw-sha2 does: the digest of secret and salt, then the salt, in base64. */
    static String sha256(byte[] secret, byte[] salt) {
        MessageDigest digest = Schemes.digest("SHA-256");
        digest.update(secret);
        byte[] tag = digest.digest(salt);
        byte[] all = Arrays.copyOf(tag, tag.length + salt.length);
        System.arraycopy(salt, 0, all, tag.length, salt.length);
        return "{SSHA256}" + Base64.getEncoder().encodeToString(all);
    }

    /** How each scheme is read. */
    final class Schemes {
        private static final Pattern WRITTEN = Pattern.compile("\\{([A-Za-z0-9_-]{1,20})\\}([!-~]{1,1000})");
        private static final Pattern MD5 = Pattern.compile("(\\$1\\$[./0-9A-Za-z]{1,8}\\$)[./0-9A-Za-z]{22}");
        private static final Pattern SHA2 = Pattern.compile(
                "(\\$([56])\\$(?:rounds=([1-9][0-9]{3,6})\\$)?[./0-9A-Za-z]{1,16}\\$)[./0-9A-Za-z]{43,86}");
        private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$[./0-9A-Za-z]{53}");
        private static final Pattern PBKDF2 =
                Pattern.compile("([1-9][0-9]{0,6})\\$([A-Za-z0-9+./=]{1,200})\\$([A-Za-z0-9+./=]{1,200})");

        /** About a second of this machine. */
        private static final int ROUNDS_MAX = 1_000_000;

        private static final int BCRYPT_COST_MAX = 14;
        private static final int SALT_MAX = 64;

        private Schemes() {}

        private static Optional<ImportedHash> salted(String algorithm, String value) {
            byte[] all = Base64.getDecoder().decode(value);
            int tag = digest(algorithm).getDigestLength();
            if (all.length <= tag || all.length > tag + SALT_MAX) {
                return Optional.empty();
            }
            byte[] wanted = Arrays.copyOf(all, tag);
            byte[] salt = Arrays.copyOfRange(all, tag, all.length);
            return Optional.of(new ImportedHash() {
                @Override
                public boolean fits(byte[] secret) {
                    MessageDigest digest = digest(algorithm);
                    digest.update(secret);
                    return MessageDigest.isEqual(digest.digest(salt), wanted);
                }

                @Override
                public boolean isQuick() {
                    return true;
                }
            });
        }

        private static Optional<ImportedHash> crypt(String value) {
            byte[] wanted = value.getBytes(StandardCharsets.US_ASCII);
            Matcher md5 = MD5.matcher(value);
            if (md5.matches()) {
                String salt = md5.group(1);
                return Optional.of(secret -> isEqual(Md5Crypt.md5Crypt(secret.clone(), salt), wanted));
            }
            Matcher sha2 = SHA2.matcher(value);
            if (sha2.matches()) {
                String salt = sha2.group(1);
                int kind = Integer.parseInt(sha2.group(2));
                if (value.length() - salt.length() != (kind == 5 ? 43 : 86)
                        || (sha2.group(3) != null && Integer.parseInt(sha2.group(3)) > ROUNDS_MAX)) {
                    return Optional.empty();
                }
                // Both overwrite what they are given.
                return Optional.of(
                        kind == 5
                                ? secret -> isEqual(Sha2Crypt.sha256Crypt(secret.clone(), salt), wanted)
                                : secret -> isEqual(Sha2Crypt.sha512Crypt(secret.clone(), salt), wanted));
            }
            Matcher bcrypt = BCRYPT.matcher(value);
            if (bcrypt.matches()) {
                int cost = Integer.parseInt(bcrypt.group(1));
                return cost < 4 || cost > BCRYPT_COST_MAX
                        ? Optional.empty()
                        : Optional.of(secret -> OpenBSDBCrypt.checkPassword(value, secret));
            }
            return Optional.empty();
        }

        /** OpenLDAP's pw-pbkdf2, and 389 Directory Server since 2.1: iterations, salt and tag, in base64 with '.' for '+' or not. */
        private static Optional<ImportedHash> pbkdf2(Digest digest, String value) {
            Matcher parts = PBKDF2.matcher(value);
            if (!parts.matches()) {
                return Optional.empty();
            }
            byte[] tag = base64(parts.group(3));
            return tag.length != digest.getDigestSize()
                    ? Optional.empty()
                    : pbkdf2(digest, Integer.parseInt(parts.group(1)), base64(parts.group(2)), tag);
        }

        /** 389 Directory Server before: one piece of base64, of four bytes of iterations, 64 of salt and 256 of tag. */
        private static Optional<ImportedHash> pbkdf2Of389(String value) {
            byte[] all = Base64.getDecoder().decode(value);
            if (all.length != Integer.BYTES + 64 + 256) {
                return Optional.empty();
            }
            return pbkdf2(
                    new SHA256Digest(),
                    ByteBuffer.wrap(all).getInt(),
                    Arrays.copyOfRange(all, Integer.BYTES, Integer.BYTES + 64),
                    Arrays.copyOfRange(all, Integer.BYTES + 64, all.length));
        }

        private static Optional<ImportedHash> pbkdf2(Digest digest, int iterations, byte[] salt, byte[] tag) {
            // Each block of the tag costs all iterations again.
            long blocks = Math.ceilDiv(tag.length, digest.getDigestSize());
            if (iterations < 1 || iterations * blocks > ROUNDS_MAX || salt.length > SALT_MAX) {
                return Optional.empty();
            }
            return Optional.of(secret -> {
                PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(again(digest));
                generator.init(secret, salt, iterations);
                byte[] made = ((KeyParameter) generator.generateDerivedMacParameters(tag.length * Byte.SIZE)).getKey();
                return MessageDigest.isEqual(made, tag);
            });
        }

        /** Several secrets may be compared at once. */
        private static Digest again(Digest digest) {
            return switch (digest) {
                case SHA1Digest _ -> new SHA1Digest();
                case SHA256Digest _ -> new SHA256Digest();
                default -> new SHA512Digest();
            };
        }

        private static byte[] base64(String adapted) {
            return Base64.getDecoder().decode(adapted.replace('.', '+'));
        }

        private static boolean isEqual(String made, byte[] wanted) {
            return MessageDigest.isEqual(made.getBytes(StandardCharsets.US_ASCII), wanted);
        }

        private static MessageDigest digest(String algorithm) {
            try {
                return MessageDigest.getInstance(algorithm);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has " + algorithm, e);
            }
        }
    }
}
