/**
 * The fictitious State of {@code up --demo}.
 */
@NullMarked
package tg.gouv.messagerie.deploy.demo;

import org.jspecify.annotations.NullMarked;
