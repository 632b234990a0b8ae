/**
 * Camel routes from one capability to another. None yet: the first come with the outbox.
 */
@NullMarked
package tg.gouv.messagerie.deploy.routes;

import org.jspecify.annotations.NullMarked;
