package tg.gouv.messagerie.platform.tls;

import java.nio.file.Path;

/** Where an identity comes from; asked again and again. */
interface IdentitySource {
    /** The PEM file of the certificates. */
    Path certificateChain();

    /** The PEM file of the key. */
    Path privateKey();

    /** The PEM file of the authority. */
    Path authority();

    /**
     * The identity the server should show now.
     *
     * @throws TlsRefused if it may not be shown; one sentence says why
     */
    Credential look();
}
